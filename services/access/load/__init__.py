"""The job that puts reviewed files into the store, see `python -m services.access.load --help`.

A set of files is stored as a whole or not at all. Loading it again changes nothing. The text of a
version never changes once it is stored; its standing and its accessions may.
"""
