from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portfolios import actions
from portfolios.forms import CommentForm, ReadingForm, ReplyForm
from portfolios.models import Page
from portfolios.reading import read
from portfolios.views.addresses import find_page, redirects_old_addresses


@require_safe
@redirects_old_addresses
def page(request, portfolio_slug, page_slug):
    page = find_page(request, portfolio_slug, page_slug, Page.objects.visible_to(request.user))
    if page.latest_id is None:
        return redirect("portfolios:edit", portfolio_slug, page_slug)
    return show(request, page)


@require_POST
def reading(request, portfolio_slug, page_slug):
    """“I’ve read this” moves the reader's own mark up to what they were shown."""
    page = find_page(request, portfolio_slug, page_slug, Page.objects.visible_to(request.user))
    form = ReadingForm(request.POST)
    if form.is_valid():
        actions.mark_read(
            page, by=request.user, until=form.cleaned_data["seen_until"], shown=form.cleaned_data["shown"]
        )
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _("Marked as read. Next time you see what changed since now."))
    return redirect("portfolios:page", portfolio_slug, page_slug)


def show(request, page, *, comment_form=None, reply_form=None):
    """The page with its changes and comments; answers 422 with the form that needs mending."""
    reading = read(page, request.user, request.GET.get("since"))
    seen = {"seen_until": reading.until.isoformat(), "shown": reading.version.number}
    for thread in reading.open_threads:
        mending = reply_form and reply_form.prefix == f"reply-{thread.root.pk}"
        thread.form = reply_form if mending else ReplyForm(initial=seen, prefix=f"reply-{thread.root.pk}")
    context = {
        "page": page,
        "reading": reading,
        "own": page.owner == request.user,
        "something_new": any(thread.new for thread in reading.threads),
        "comment_form": comment_form or CommentForm(initial=seen),
        "reading_form": ReadingForm(initial=seen),
        "form": comment_form or reply_form,
    }
    return render(request, "portfolios/page.html", context, status=422 if context["form"] else 200)
