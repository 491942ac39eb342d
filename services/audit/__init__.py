"""The trail of every exchange and every refusal (Dutch: logging), to trace improper use.

Owns records that are only ever added, reports of suspected errors and notices of decisions; never
holds what was exchanged nor anything computed from it, and holds persons hidden (slides 11 and
39; Crossroads Bank Act of 15 January 1990; GDPR articles 16, 19 and 32).
"""
