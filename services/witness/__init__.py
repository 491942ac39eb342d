"""A witness: cosigns what a log grew to, if it grew from what was cosigned before (C2SP
tlog-witness).

Owns the last checkpoint it saw of each log, and its own key. It never reads what is in a log and
never signs two histories of one: who rewrites the trail cannot get the witness to agree.
It belongs to who watches over the mesh, not to who runs it, and shares nothing with the mesh but
the arithmetic of Merkle trees.
"""
