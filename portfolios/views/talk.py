from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from portfolios import actions
from portfolios.forms import CommentForm, ReplyForm
from portfolios.models import Comment, Page
from portfolios.views.addresses import find_page
from portfolios.views.pages import show


@require_POST
def comments(request, portfolio_slug, page_slug):
    page = _find(request, portfolio_slug, page_slug)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show(request, page, comment_form=form)
    comment = actions.add_comment(page, by=request.user, **form.cleaned_data)
    return _back_to(request, page, comment)


@require_POST
def replies(request, portfolio_slug, page_slug, pk):
    page = _find(request, portfolio_slug, page_slug)
    comment = _thread(request, page, pk)
    form = ReplyForm(request.POST, prefix=f"reply-{comment.pk}")
    if not form.is_valid():
        return show(request, page, reply_form=form)
    reply = actions.add_comment(page, by=request.user, reply_to=comment, **form.cleaned_data)
    return _back_to(request, page, reply)


@require_POST
def settlement(request, portfolio_slug, page_slug, pk):
    """Settle a thread; with `reopen` in the form, take it up again."""
    page = _find(request, portfolio_slug, page_slug)
    comment = _thread(request, page, pk)
    verb = actions.reopen_comment if "reopen" in request.POST else actions.settle_comment
    verb(comment, by=request.user)
    return _back_to(request, page, comment)


def _find(request, portfolio_slug, page_slug):
    """A page that the person may talk about. What was never shared has nothing to talk about: not found."""
    shared = Page.objects.commentable_by(request.user).exclude(latest=None).select_related("latest")
    return find_page(request, portfolio_slug, page_slug, shared)


def _thread(request, page, pk):
    return get_object_or_404(Comment.objects.visible_to(request.user).threads(), page=page, pk=pk)


def _back_to(request, page, comment):
    """To what was said, with the same changes marked as before."""
    route, since = "portfolios:page", request.GET.get("since", "")
    if since.isascii() and since.isdigit():
        route, since = "portfolios:changes", f"?since={since}"
    else:
        since = ""
    return redirect(f"{reverse(route, args=[page.portfolio.slug, page.address])}{since}#comment-{comment.pk}")
