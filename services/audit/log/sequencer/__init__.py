"""Makes the log grow: gives every record its place in the tree, and signs what came of it.

A process of its own, one at a time. Records are durable before it sees them. It may be late, never
wrong: after a crash at any step the next one goes on from what the store says, and no tree is
signed that does not contain the one signed before.
"""
