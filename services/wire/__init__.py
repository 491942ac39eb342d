"""The messages that services speak alike, to and from the concepts: those of `cbss.common.v1`,
what access is asked about an exchange, and identification about a number.

What is between one service's own messages and its own model stands in that service's `wire`.
"""
