"""Proves the whole store against what was signed, offline: it needs the database, the files of the
log and the log's public key, and none of the running services.

It finds any record that was altered, removed, inserted or moved, any tile that was rewritten, and a
store that was put back to an earlier state, and says which.
"""
