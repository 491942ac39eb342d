"""Which rights persons have, decided on facts by the law (Dutch: automatische toekenning).

Owns the law of the rights (`data/`: facts, statuses, amounts, rights, and cases beside them) and
what decides by it. It never grants or refuses on facts that are not complete: a source that could
not say is a third verdict. Keeps no fact: only the last verdict that each granting body was told.
"""
