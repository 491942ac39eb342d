"""The messages that all services speak (`cbss.common.v1`), to and from the concepts.

What is between one service's own messages and its own model stands in that service's `wire`.
"""
