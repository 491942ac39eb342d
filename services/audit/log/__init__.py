"""The log over the trail: its tree, its signatures, its proofs, and what verifies all of it."""
