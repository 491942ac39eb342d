"""The public register as static pages, in three languages, made from what everybody may read.

Whole without a script, printable, readable aloud; each field of a deliberation has an address of
its own, so that a refusal can point to what decided it.
"""
