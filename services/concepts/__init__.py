"""Values that the law shares between all services: numbers of persons and enterprises, periods,
organizations, legal contexts, statuses and the vocabulary of failures.

Pure: no I/O, no wire types, no SQL, no gRPC.
"""
