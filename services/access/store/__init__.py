"""Deliberations at rest: their written form, and the database that holds it."""
