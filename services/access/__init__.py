"""The test beforehand: is an exchange covered by a public deliberation (Dutch: beraadslaging)?

Owns deliberations with their versions, their life, accessions and legal contexts, and the register
in which everybody reads them; knows organizations by the keys they call on; never knows which
person an exchange is about. The body that decides is neither sender nor receiver (slides 11,
36 to 38; Crossroads Bank Act of 15 January 1990, article 15).
"""
