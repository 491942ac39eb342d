"""The unique key of every person (Dutch: INSZ, French: NISS) and of every enterprise.

Owns the numbers of persons: which exist, which replaced which, who died; who bears them, as far as
persons are searched and recognised; the registers of the bank (BIS, RAD) with their history;
identity cards; enterprises and establishments. Never knows who has what about them (slides 15
and 23), and never shows or changes anything of a person that the trail does not have first.
"""
