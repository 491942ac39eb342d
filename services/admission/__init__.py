"""Law 1 in one place: who calls, for whom, may he, and is it written down.

The room between the wire and every service. What discloses or changes personal data for somebody
outside the mesh goes through it: the organization of a certificate, an officer, a citizen or an
operator is established, access decides on the deliberations in force, and the record is durable
before anything is answered or changed. It decides nothing about the data themselves.

Source: the circles of trust and the logging of the network (slide 38).
"""
