"""The reference directory: who has what about whom and for which period, and which data exist.

Owns dossiers (person, organization, quality, period) with their history, organizations, data
contracts and subscriptions; knows that an institution has a file on a person, never what is in it
(slides 11, 12, 15 and 17; Crossroads Bank Act of 15 January 1990, article 6). Dutch:
verwijzingsrepertorium and kennisrepertorium.
"""
