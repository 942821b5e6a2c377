class StoreError(Exception):
    """An embedded server cannot serve. The text is written for the person who started it."""
