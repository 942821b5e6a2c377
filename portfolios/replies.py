"""A reply by email becomes a comment on the page that the email was about."""

from django.utils.translation import gettext as _

from notifications.notices import NotTaken, Reply
from pairings.models import MoveRefused
from portfolios.actions import add_comment
from portfolios.forms import ReplyForm
from portfolios.models import Comment, Page
from portfolios.notices import COMMENTED

LONGEST = ReplyForm.base_fields["body"].max_length


def reply_to_page(reply: Reply) -> str:
    """Comment on the page; in the open thread that the email told of, where that was one and no other. Returns where
    the words stand. Raises NotTaken."""
    pages = Page.objects.visible_to(reply.person).with_owner()
    page = pages.filter(pk=reply.thread.removeprefix("page-")).first()
    if page is None:
        raise NotTaken(_("The page is not open to you any more. What you wrote would reach nobody."))
    if page.archived_at:
        raise NotTaken(_("You put this page away. Bring it back first, then you can talk about it."))
    if len(reply.text) > LONGEST:
        raise NotTaken(
            _("It has %(count)d characters, and a comment has room for %(most)d. Please say it in fewer words.")
            % {"count": len(reply.text), "most": LONGEST}
        )
    try:
        comment = add_comment(page, by=reply.person, body=reply.text, reply_to=_thread(reply, page), at=reply.at)
    except MoveRefused as refused:
        raise NotTaken(str(refused)) from refused
    return f"{page.get_absolute_url()}#comment-{comment.pk}"


def _thread(reply, page):
    """The one thread that the email told of, if it is still open; None otherwise: between two it would be a guess."""
    told = [pk for kind, pk in reply.about if kind == COMMENTED.kind]
    comments = Comment.objects.visible_to(reply.person).filter(page=page, pk__in=told)
    threads = {comment.parent or comment for comment in comments.select_related("parent")}
    return next((thread for thread in threads if len(threads) == 1 and not thread.settled_at), None)
