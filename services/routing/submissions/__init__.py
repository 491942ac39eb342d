"""Messages that want an answer: their senders, their addressees, and what these say.

They travel as notices do, checked at each delivery; what is added is the answer, given once, and
what becomes of a message that nobody answers by its date. Sources: slides 24 and 30 of the
presentation.
"""
