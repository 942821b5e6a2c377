class Unreadable(Exception):
    """Nothing can be made of a file; the message says why and what to do, in words for whoever chose it."""
