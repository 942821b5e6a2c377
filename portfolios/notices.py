"""What people are told of portfolios: a page was shared, a comment was made."""

from collections import defaultdict

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.notices import Notice, Section
from portfolios.changes import stored_comparisons
from portfolios.comparison import excerpts
from portfolios.models import Comment, Page, PageVersion, Visit
from portfolios.richtext import text

WORDS_A_MINUTE = 220
MOST_EXCERPTS = 3
EXCERPT_WORDS = 40

_OWNER = "page__portfolio__enrolment__person"


def thread_of(page) -> str:
    return f"page-{page.pk}"


def minutes_to_read(words: int) -> int:
    """Whole minutes, at least one, for `words` words at 220 a minute."""
    return max(1, round(words / WORDS_A_MINUTE))


def may_tell_of_versions(person, ids):
    return (
        PageVersion.objects.visible_to(person)
        .filter(pk__in=ids, page__in=Page.objects.commentable_by(person))
        .exclude(shared_by=person)
        .select_related(_OWNER)
        .in_bulk()
    )


def may_tell_of_comments(person, ids):
    return (
        Comment.objects.visible_to(person)
        .filter(pk__in=ids, page__in=Page.objects.commentable_by(person))
        .exclude(author=person)
        .select_related("author", "version", _OWNER)
        .in_bulk()
    )


def render_shared(person, versions):
    """One section a page: everything that changed since this reader's mark, in up to three excerpts."""
    latest = {}
    for version in sorted(versions, key=lambda version: version.number):
        latest[version.page_id] = version
    visits = {
        visit.page_id: visit for visit in Visit.objects.filter(reader=person, page__in=latest).select_related("version")
    }
    read = {page_id: visit.version for page_id, visit in visits.items() if visit.version}
    updated = [(read[page_id], new) for page_id, new in latest.items() if read.get(page_id, new) != new]
    comparisons = {new: result for (_old, new), result in stored_comparisons(updated).items()}
    return [
        _shared_section(version, visits.get(page_id), comparisons.get(version)) for page_id, version in latest.items()
    ]


def render_comments(person, comments):
    """One section a page, with each new comment in full."""
    by_page = defaultdict(list)
    for comment in sorted(comments, key=lambda comment: comment.created_at):
        by_page[comment.page_id].append(comment)
    return [_comments_section(person, found) for found in by_page.values()]


def _shared_section(version, visit, comparison):
    """`comparison` is with what the reader has read before; None when the page is new to them."""
    page, owner = version.page, version.page.owner
    changes = comparison.changes if comparison else 0
    words = {"name": owner.first_name, "title": version.title}
    if comparison:
        headline = _("%(name)s updated “%(title)s”") % words
        counted = ngettext("%(count)d change", "%(count)d changes", changes) % {"count": changes}
        minutes = minutes_to_read(comparison.words_changed)
        url = reverse("portfolios:changes", args=[page.portfolio.slug, page.slug]) + f"?since={visit.version.number}"
        button = _("See what changed")
    else:
        headline = _("%(name)s shared “%(title)s”") % words
        counted = ngettext("%(count)d word", "%(count)d words", version.words) % {"count": version.words}
        minutes = minutes_to_read(version.words)
        url = page.get_absolute_url()
        button = _("Read the page")
    reading = ngettext("about %(count)d minute to read", "about %(count)d minutes to read", minutes) % {
        "count": minutes
    }
    shown = excerpts(comparison, limit=MOST_EXCERPTS, words=EXCERPT_WORDS) if comparison else []
    return Section(
        thread=thread_of(page),
        headline=headline,
        summary=_("%(what)s, %(reading)s") % {"what": counted, "reading": reading},
        url=url,
        button=button,
        by=owner,
        at=version.shared_at,
        hat="mentor",
        why=_("You get this because you are %(name)s’s mentor.") % {"name": owner.first_name},
        template="portfolios/email/page_shared",
        context={
            "version": version,
            "owner": owner,
            "since": visit.marked_at if comparison else None,
            "changes": changes,
            "excerpts": shown,
            "more": max(0, changes - len(shown)),
            "opening": "" if comparison else Truncator(text(version.body)).words(EXCERPT_WORDS, truncate=" …"),
        },
    )


def _comments_section(person, comments):
    first = comments[0]
    page, author = first.page, first.author
    url = f"{page.get_absolute_url()}#comment-{first.pk}"
    if page.owner == person:
        why = _("You get this because it is about your portfolio.")
    else:
        why = _("You get this because you are %(name)s’s mentor.") % {"name": page.owner.first_name}
    return Section(
        thread=thread_of(page),
        headline=_headline(comments)
        % {
            "name": author.first_name,
            "title": first.version.title,
            "count": len(comments),
        },
        summary=_summary(comments),
        url=url,
        button=_("Answer %(name)s") % {"name": author.first_name}
        if any(comment.kind == Comment.Kind.QUESTION for comment in comments)
        else _("Open the comment"),
        by=author,
        at=first.created_at,
        hat="mentee" if page.owner == person else "mentor",
        why=why,
        template="portfolios/email/comments",
        context={"comments": comments, "author": author, "url": settings.SITE_URL + url},
    )


def _headline(comments):
    if len(comments) > 1:
        return _("%(name)s left %(count)d comments on “%(title)s”")
    comment = comments[0]
    if comment.parent_id:
        return _("%(name)s replied on “%(title)s”")
    return {
        Comment.Kind.QUESTION: _("%(name)s asked a question on “%(title)s”"),
        Comment.Kind.IDEA: _("%(name)s has an idea for “%(title)s”"),
        Comment.Kind.WELL_DONE: _("%(name)s says well done for “%(title)s”"),
    }.get(comment.kind, _("%(name)s commented on “%(title)s”"))


def _summary(comments):
    if len(comments) > 1:
        return ngettext("%(count)d comment", "%(count)d comments", len(comments)) % {"count": len(comments)}
    return f"“{Truncator(comments[0].body).words(14, truncate='…')}”"


PAGE_SHARED = Notice(
    kind="portfolios.page_shared", group="portfolio", may_tell=may_tell_of_versions, render=render_shared
)
COMMENTED = Notice(
    kind="portfolios.commented", group="portfolio", may_tell=may_tell_of_comments, render=render_comments
)
