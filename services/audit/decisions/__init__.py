"""Decisions that persons are told of."""
