"""The decisions of a consultation, pure: who asks, whether and whom to ask, what to answer."""
