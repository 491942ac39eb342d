"""The unique key of every person (Dutch: INSZ, French: NISS).

Owns the numbers of persons: which exist, which replaced which, who died; never knows who has what
about them (seed slides 15 and 23).
"""
