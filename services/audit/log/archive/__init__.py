"""Months in files: compressed, proved by what the log signed, readable without any service, and put
back where records were lost.

A month is a folder. `leaves.gz` holds its leaves in order, each after its length in two bytes, as
the entry bundles of C2SP tlog-tiles do. `month.json` says where they are in the log and holds the
hashes of the rest of the tree, and `checkpoint` is what these lead to. Persons are as hidden as in
the store: the key of the month is not in it, so what is forgotten there is forgotten here too.
"""
