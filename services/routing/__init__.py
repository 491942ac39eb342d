"""The one door: consults authentic sources for institutions.

Owns batches and the outbox of notices (both later); never keeps what passes through. Routes a
question to the sources that the reference directory names, after identification, access and
directory have answered and audit has it in writing (slides 11, 15, 36 to 39).
"""
