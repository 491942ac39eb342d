"""Asking about many persons at once: what was handed over, how far it is, and what came of it.

Owns batches and their results, until they were kept long enough. It never asks a source itself: the
worker beside it does, as often as there are workers, each item with the checks and records of a
consultation.
"""
