"""The job of who owns the trail: months are frozen, forgotten when the law no longer wants them,
and their keys wrapped anew when the secret changes.

A month is forgotten whole. Its key is destroyed and its records go; the hashes of the tree stay, so
that everything else is proved as before. That it was forgotten is itself a record of the log.
"""
