"""Answers in the official XML forms, read into the messages of the data contracts without loss.

Any adapter of a source can use this room: what an element means stands in tables (`forms/`), one
file for each contract. What a table has no place for is named, never dropped without a word; what
cannot be understood is a failure of the source that sent it.
"""
