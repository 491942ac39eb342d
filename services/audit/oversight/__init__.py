"""Oversight of how the network is used: a report for each institution, and alerts of misuse.

Reads the trail, and that it was read is in the trail. Persons are numbers that mean something in
one run only; nothing that comes out names one.
"""
