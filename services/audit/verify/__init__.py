"""The whole store verified from the command line: the log, and all that stands beside it."""
