"""Dated facts on possible beneficiaries of rights, until they expire (Dutch: bufferdatabank).

Owns facts that sources have fed; never keeps one beyond its expiry, never tells others than the
person why a status applies, only whether (slides 24 to 27; Act of 25 December 2016, articles
29 and 30). As an authentic source of social statuses it answers like any other supplier.
"""
