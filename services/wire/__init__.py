"""The messages that services speak alike, to and from the concepts: those of `cbss.common.v1`, and
what access is asked about an exchange.

What is between one service's own messages and its own model stands in that service's `wire`.
"""
