from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from pairings.models import MoveRefused
from portfolios import actions, writing
from portfolios.models import Comment
from portfolios.views.addresses import find_page_to_talk_about, find_readable_page, redirects_old_addresses
from portfolios.views.pages import show, since_query


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def comments(request, portfolio_slug, page_slug):
    """A comment on the page, or on the words that ?version=…&start=…&end=… says. GET is the page with the form."""
    page = find_page_to_talk_about(request, portfolio_slug, page_slug)
    return _write(
        request,
        page,
        lambda data, **form: writing.new_comment(page, request.user, data or request.GET, data=data, **form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def replies(request, portfolio_slug, page_slug, pk):
    page = find_page_to_talk_about(request, portfolio_slug, page_slug)
    comment = get_object_or_404(page.access.comments().threads(), pk=pk)
    return _write(request, page, lambda data, **form: writing.reply(page, comment, data=data, **form))


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def wording(request, portfolio_slug, page_slug, pk):
    """One's own comment in other words."""
    page = find_page_to_talk_about(request, portfolio_slug, page_slug)
    comment = get_object_or_404(page.access.comments().filter(author=request.user), pk=pk)
    if not Comment.objects.editable_by(request.user).filter(pk=pk).exists():
        messages.info(request, _("This comment can no longer be changed. You can still reply to it."))
        return redirect(_address_of(request, page, comment))
    return _write(request, page, lambda data, **form: writing.other_wording(page, comment, data=data, **form))


@require_safe
@redirects_old_addresses
def earlier(request, portfolio_slug, page_slug, pk):
    """How a comment read before its author changed it."""
    page = find_readable_page(request, portfolio_slug, page_slug)
    comment = get_object_or_404(page.access.comments().select_related("author"), pk=pk)
    context = {"comment": comment, "comment_url": _address_of(request, page, comment)}
    context["wordings"] = comment.earlier_wordings.all()
    return render(request, "portfolios/earlier.html", context)


@require_POST
def decision(request, portfolio_slug, page_slug, pk):
    """The owner takes up suggested wording, or keeps their own words."""
    page = find_page_to_talk_about(request, portfolio_slug, page_slug)
    if not page.access.own:
        raise Http404
    comment = get_object_or_404(page.access.comments().exclude(suggestion="").select_related("page"), pk=pk)
    try:
        if "use" in request.POST:
            actions.take_suggestion(comment, by=request.user)
            messages.success(request, _("Your draft has the new words. Share it when you are ready."))
            return redirect("portfolios:page", portfolio_slug, page_slug)
        actions.keep_own_words(comment, by=request.user)
        messages.success(request, _("Your words stay as they are."))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect(_address_of(request, page, comment))


@require_POST
def settlement(request, portfolio_slug, page_slug, pk):
    """Settle a thread; with `reopen` in the form, take it up again."""
    page = find_page_to_talk_about(request, portfolio_slug, page_slug)
    comment = get_object_or_404(page.access.comments().threads(), pk=pk)
    verb = actions.reopen_comment if "reopen" in request.POST else actions.settle_comment
    verb(comment, by=request.user)
    return redirect(_address_of(request, page, comment))


def _write(request, page, make):
    """Show the form that `make` makes (a `Writing`), or do what it says and go back to the page."""
    data = words_sent(request)
    written = make(data)
    if data is None:
        key = written.form.draft_key
        shown = {name: request.GET[name] for name in ("seen_until", "shown") if name in request.GET}
        written = make(None, draft=drafts_of(request.user, [key]).get(key), initial=shown)
    elif request.method == "POST" and written.form.is_valid():
        try:
            return redirect(send_once(request.user, written.form, lambda: _say(request, page, written)))
        except MoveRefused as refused:
            written.form.add_error(None, str(refused))
            if written.kind == "wording":
                written.form.look_again()
    if request.htmx and request.method == "GET":
        context = {"writing": written, "page": page, "since_query": since_query(request)}
        return render(request, "portfolios/parts/compose.html", context)
    return show(request, page, writing=written)


def _say(request, page, written):
    """Do what the form says; its draft has served. Returns the address of what was said."""
    said = written.form.cleaned_data
    if written.kind == "wording":
        comment = actions.edit_comment(
            written.comment,
            by=request.user,
            body=said["body"],
            suggestion=said.get("suggestion", ""),
            changes=said["changes"],
        )
    else:
        comment = actions.add_comment(
            page,
            by=request.user,
            version=written.version,
            place=written.place,
            reply_to=written.comment,
            **{name: said[name] for name in ("body", "kind", "suggestion", "seen_until", "shown") if name in said},
        )
    let_go(request.user, written.form.draft_key)
    return _address_of(request, page, comment)


def _address_of(request, page, comment):
    """Where the comment stands, with the same changes marked as before."""
    url = reverse("portfolios:page", args=[page.portfolio.slug, page.address])
    return f"{url}{since_query(request)}#comment-{comment.pk}"
