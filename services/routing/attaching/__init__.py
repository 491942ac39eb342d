"""Asks sources that cannot be dialled, on the streams that they opened themselves.

Owns who is attached where. A process beside the one that consults, as many replicas as wanted:
routing asks any of them as it asks a supplier, and the one that is asked hands on to the one that
the source is attached to.

It never decides what may be asked: whatever comes here was checked and recorded before. It keeps no
question and no answer.
"""
