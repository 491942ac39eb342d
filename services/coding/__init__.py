"""The trusted third party: codes for projects, and what is handed over under them.

Owns the projects with every step of their life, their keys as far as they are not in a token, and
what sources sent until the recipient has it. It never keeps the number of a person, never tells a
source a code nor a recipient a number, and never hands over what the plan of a project does not
allow.

Source: the coding of data by the bank (slide 11); GDPR article 89.
"""
