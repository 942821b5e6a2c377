"""What changes a portfolio. Each verb locks what it changes, checks, changes, and tells: one transaction.

Locks are taken with `no_key`: what others write meanwhile may refer to the same page or comment.
"""

from portfolios.actions.pages import (
    add_page,
    arrange_pages,
    bring_back,
    move_page,
    open_portfolio,
    put_away,
    rename_page,
)
from portfolios.actions.reading import finish_review, mark_read
from portfolios.actions.talk import add_comment, edit_comment, reopen_comment, settle_comment
from portfolios.actions.wording import keep_own_words, take_suggestion
from portfolios.actions.writing import StaleDraft, save_draft, share_update

__all__ = [
    "StaleDraft",
    "add_comment",
    "add_page",
    "arrange_pages",
    "bring_back",
    "edit_comment",
    "finish_review",
    "keep_own_words",
    "mark_read",
    "move_page",
    "open_portfolio",
    "put_away",
    "rename_page",
    "reopen_comment",
    "save_draft",
    "settle_comment",
    "share_update",
    "take_suggestion",
]
