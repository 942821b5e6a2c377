"""Comments that stay with their words.

`move` follows words from one version of a text to another, both of which are at hand. `locate` finds a quote in a text
of which no other version is known, by the words around it (W3C TextQuoteSelector).
"""

from portfolios.anchors.locating import context, locate
from portfolios.anchors.moving import move

__all__ = ["context", "locate", "move"]
