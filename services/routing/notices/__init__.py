"""Brings what authentic sources publish to whoever subscribed (Dutch: automatische mededeling).

Owns published events and the notices that wait for their subscribers. Content is kept sealed, only
while somebody waits for it, and goes out cut to what is granted at that moment. A process beside
the one that consults, as many replicas as wanted: a storm of notices never delays a question.

It never decides who may be told: the directory and access say so, at publishing and again at each
delivery (slides 11, 35 and 42: automatic communication of changed data, push).
"""
