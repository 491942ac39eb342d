"""The trail of every exchange and every refusal (Dutch: logging), to trace improper use.

Owns records that are only ever added; never holds what was exchanged, only its digest and size, and
holds persons hidden (seed slides 11 and 40; Crossroads Bank Act of 15 January 1990; GDPR article
32).
"""
