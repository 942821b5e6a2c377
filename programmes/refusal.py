class MoveRefused(Exception):
    """The move is not possible any more; the message says why, in words for the person who tried."""
