"""A portfolio and its pages: private drafts, shared versions, what changed between them, and the talk beside them.

Who may read what is asked here and nowhere else: the owner reads everything; a mentor reads the versions that were
shared while their reading window was open (`Pairing.open_to`), and what was said beside them then.
"""

from portfolios.models.pages import (
    RESERVED_SLUGS,
    Page,
    PageDraft,
    PageSlug,
    PageVersion,
    Portfolio,
    PortfolioSlug,
)
from portfolios.models.reading import Comparison, Visit
from portfolios.models.talk import Anchor, Comment, CommentWording, said_in

__all__ = [
    "RESERVED_SLUGS",
    "Anchor",
    "Comment",
    "CommentWording",
    "Comparison",
    "Page",
    "PageDraft",
    "PageSlug",
    "PageVersion",
    "Portfolio",
    "PortfolioSlug",
    "Visit",
    "said_in",
]
