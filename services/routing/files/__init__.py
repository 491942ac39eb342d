"""Batches as files with their vouchers, and results as such files.

A file is read when it is whole and is what its voucher says; then a batch is taken of it, or
nothing is. Files of a sender come one after the other, without a gap. Source: the bank's exchange
of files (lots of messages, each with a voucher that holds `fileSequenceNumber`).
"""
