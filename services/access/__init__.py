"""The test beforehand: is an exchange covered by a public deliberation (Dutch: beraadslaging)?

Owns deliberations with their versions, accessions and legal contexts; never knows which person an
exchange is about. The body that decides is neither sender nor receiver (seed slides 11, 36 to 38;
Crossroads Bank Act of 15 January 1990, article 15).
"""
