from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rescue import words_sent
from pairings.models import MoveRefused, Pairing
from portfolios import actions
from portfolios.actions.talk import SECOND_CLICK
from portfolios.comparison import compare, is_long
from portfolios.forms import PageForm, ShareForm
from portfolios.models import Page
from portfolios.richtext import text, word_count
from portfolios.views.addresses import find_page, redirects_old_addresses


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def edit(request, portfolio_slug, page_slug):
    page = _own_page(request, portfolio_slug, page_slug)
    form = PageForm(words_sent(request), instance=page.draft, initial={"saves": page.draft.saves})
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(page, form, request.user)
        except actions.StaleDraft as clash:
            stale = clash.draft
        else:
            if "share" in request.POST:
                return redirect("portfolios:share", portfolio_slug, page_slug)
            messages.success(request, _("Saved. Only you can see it until you share it."))
            return redirect("portfolios:edit", portfolio_slug, page_slug)
    status = 409 if stale else 422 if request.method == "POST" else 200
    media = form.media.with_nonce(str(request.csp_nonce))
    latest = page.latest
    same = latest is not None and (latest.title, latest.body) == (page.draft.title, page.draft.body)
    context = {"page": page, "draft": page.draft, "form": form, "stale": stale, "same": same, "editor_media": media}
    context["words"] = word_count(page.draft.body)
    return render(request, "portfolios/edit.html", context, status=status)


@require_POST
def draft(request, portfolio_slug, page_slug):
    """Autosave: answers with the time and the new save counter, 422 when it can't, 409 with the other text."""
    page = _own_page(request, portfolio_slug, page_slug)
    form = PageForm(request.POST, instance=page.draft, autosaves=True)
    if not form.is_valid():
        return render(request, "portfolios/edit.html#saved", {"form": form, "problem": form.errors}, status=422)
    try:
        saved = _save(page, form, request.user)
    except actions.StaleDraft as clash:
        return render(request, "portfolios/edit.html#saved", {"form": form, "stale": clash.draft}, status=409)
    return render(request, "portfolios/edit.html#saved", {"draft": saved, "saves": saved.saves})


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def share(request, portfolio_slug, page_slug):
    """What the mentor will see, once more, and a line for them; then share it."""
    page = _own_page(request, portfolio_slug, page_slug)
    if request.method != "POST" and (reason := _nothing_to_share(page)):
        messages.info(request, reason)
        return redirect("portfolios:edit", portfolio_slug, page_slug)
    if page.archived_at:
        messages.warning(request, _("You put this page away. Bring it back first, then share it."))
        return redirect(page.portfolio)
    form = ShareForm(words_sent(request), initial={"saves": page.draft.saves})
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.share_update(page, by=request.user, **form.cleaned_data)
        except MoveRefused as refused:
            messages.error(request, str(refused))
            return redirect("portfolios:edit", portfolio_slug, page_slug)
        except actions.StaleDraft as stale:
            messages.warning(request, _("You went on writing in another window. Look at it once more, then share."))
            page.draft = stale.draft
            form = ShareForm(initial={"saves": stale.draft.saves, "note": form.cleaned_data["note"]})
            return _look_again(request, page, form, status=409)
        messages.success(request, _what_happened(page, version))
        return redirect(Page.objects.editable_by(request.user).get(pk=page.pk))
    return _look_again(request, page, form, status=422 if request.method == "POST" else 200)


def _look_again(request, page, form, status):
    context = {
        "page": page,
        "draft": page.draft,
        "form": form,
        "comparison": _comparison(page),
        "mentor": _mentor(page),
    }
    return render(request, "portfolios/share.html", context, status=status)


def _comparison(page):
    """What sharing would change; None for the first version, and for a text so long that nobody should wait for it."""
    if page.latest is None or is_long(page.latest.body, page.draft.body):
        return None
    return compare(page.latest.body, page.draft.body)


def _own_page(request, portfolio_slug, page_slug):
    own = Page.objects.editable_by(request.user).select_related("draft", "latest")
    return find_page(request, portfolio_slug, page_slug, own)


def _save(page, form, by):
    return actions.save_draft(
        page,
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"],
        criteria=form.cleaned_data["criteria"],
        saves=form.cleaned_data["saves"],
        by=by,
    )


def _nothing_to_share(page):
    """Why there is nothing to share, in words; None when there is something."""
    draft, latest = page.draft, page.latest
    if not text(draft.body).strip():
        return _("Write something first: the page is still empty.")
    same = latest and (latest.title, latest.body) == (draft.title, draft.body)
    if same and set(latest.criteria.all()) == set(draft.criteria.all()):
        return _("Nothing has changed since you last shared it.")
    return None


def _mentor(page):
    enrolment = page.portfolio.enrolment
    live = Pairing.objects.live().filter(programme=enrolment.programme, mentee=enrolment.person)
    pairing = live.select_related("mentor").first()
    return pairing.mentor if pairing else None


def _what_happened(page, version):
    mentor = _mentor(page)
    latest = page.versions.order_by("-number").first()
    if version is None and latest.shared_at < timezone.now() - SECOND_CLICK:
        return _("Nothing has changed since you last shared it, so nobody was told.")
    if mentor is None:
        return _("Shared. You have no mentor yet, so nobody was told.")
    return _("Shared. We’ll tell %(mentor)s.") % {"mentor": mentor.first_name}
