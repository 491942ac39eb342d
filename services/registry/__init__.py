"""The registry (Dutch: aansluiting, the knowledge of who belongs to the network).

Owns the reference data: organizations with their places, managers, keys, officers, web names and
volumes, and data contracts with their descriptors. Everybody else keeps a copy in memory; what it
calls itself is nobody, for it stands at the far right. It never knows a person, never decides who
may ask what, and never lets anything take effect that widens before a second person has said yes
and the trail has it.
"""
