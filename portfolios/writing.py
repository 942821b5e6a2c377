"""What somebody is about to say beside a page: about which words, in which form, and where that form stands."""

from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse

from portfolios.anchors import move
from portfolios.forms import CommentForm, PlaceForm, ReplyForm, WordingForm
from portfolios.models import Comment, Page, PageVersion
from portfolios.richtext import text

# Longer quotes, and those of several paragraphs, are better answered in one's own words.
LONGEST_SUGGESTED = 600  # characters


@dataclass
class Writing:
    """A form that stands open on a page. `kind` is "comment", "reply" or "wording"; `comment` what is replied to or put
    in other words; `place` the words in the text of `version` that a new comment is about; `place_in_latest` where they
    stand in the newest text, None when they are gone from it."""

    kind: str
    form: CommentForm
    action: str
    version: PageVersion | None = None
    place: tuple[int, int] | None = None
    quote: str = ""
    place_in_latest: tuple[int, int] | None = None
    comment: Comment | None = None


def about(page, reader, numbers) -> dict:
    """What a new comment is about, as `version`, `place` and `quote`, by the numbers in its address or its form
    (?version=4&start=120&end=180); the whole page when they make no sense."""
    form = PlaceForm(numbers)
    versions = PageVersion.objects.visible_to(reader).filter(page=page)
    if form.is_valid() and (version := versions.filter(number=form.cleaned_data["version"]).first()):
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        if quote := text(version.body)[start:end].strip():
            return {"version": version, "place": (start, end), "quote": quote}
    return {"version": None, "place": None, "quote": ""}


def new_comment(page, reader, numbers, *, initial=None, **form) -> Writing:
    """The form for a comment on the page, or on words of it (`numbers` as for `about`)."""
    found = about(page, reader, numbers)
    version, place, quote = found["version"], found["place"], found["quote"]
    key, initial = f"page-{page.pk}-comment", initial or {}
    if place:
        start, end = place
        key = f"page-{page.pk}-on-{version.number}-{start}-{end}"
        initial |= {"version": version.number, "start": start, "end": end}
    suggests = quote if _may_suggest(page, reader, quote) else ""
    return Writing(
        "comment",
        CommentForm(draft_key=key, quote=suggests, initial=initial, **form),
        reverse("portfolios:comments", args=[page.portfolio.slug, page.address]),
        place_in_latest=_in_latest(page, reader, version, place) if place else None,
        **found,
    )


def reply(page, comment, **form) -> Writing:
    """The form for a reply in the thread of `comment`."""
    action = reverse("portfolios:replies", args=[page.portfolio.slug, page.address, comment.pk])
    return Writing("reply", ReplyForm(draft_key=f"page-{page.pk}-reply-{comment.pk}", **form), action, comment=comment)


def other_wording(page, comment, **form) -> Writing:
    """The form in which somebody puts their own comment in other words."""
    action = reverse("portfolios:wording", args=[page.portfolio.slug, page.address, comment.pk])
    key = f"page-{page.pk}-wording-{comment.pk}"
    return Writing("wording", WordingForm(draft_key=key, comment=comment, **form), action, comment=comment)


def _may_suggest(page: Page, reader, quote):
    return page.owner != reader and "\n" not in quote and len(quote) <= LONGEST_SUGGESTED


def _in_latest(page, reader, version, place):
    """Where the words stand in the newest version that the reader may read."""
    versions = PageVersion.objects.visible_to(reader).filter(page=page)
    newest = versions.aggregate(newest=Max("number"))["newest"]
    if newest == version.number:
        return place
    return move(version.body, versions.get(number=newest).body, [place])[0]
