"""The portal: what a person can see and do, in a browser.

Owns sessions and nothing else, and calls the same public RPCs as anybody, at the gateway. It is no
key to anybody's data: each call about a person carries the access token of that person, which the
services verify by themselves, so it reads nobody who is not signed in. Nothing about a person is
kept here beyond the session, nor stands in an address, a log, a title or a cache.

Source: expectations of citizens and the personal page (slides 4 to 6, 18 and 22), errors, access
and correction (slides 34 and 39).
"""
