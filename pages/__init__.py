"""The one room of pages that people read: the public register, a citizen's extract.

Python says what a page holds (`blocks`), templates how it is written, `data/` in which words. What
others wrote is text whatever it looks like: the engine escapes everything. Pages are whole without
a script, printable on A4, legible on a phone of 390 pixels and readable aloud. The room knows no
service: it is given messages, as they travel.
"""
