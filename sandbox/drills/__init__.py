"""Drills: what operators must be able to do on a bad day, done on a sandbox and judged."""
