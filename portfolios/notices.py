"""What people are told of portfolios: a page was shared, a comment was made."""

from collections import defaultdict
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.notices import Notice, Section
from portfolios.changes import comparison_of, result_of
from portfolios.comparison import excerpts
from portfolios.models import Comment, PageVersion
from portfolios.news import comments_to_tell, comments_to_tell_all, versions_to_tell, versions_to_tell_all
from portfolios.richtext import text

WORDS_A_MINUTE = 220
MOST_EXCERPTS = 3
EXCERPT_WORDS = 40


def thread_of(page_pk) -> str:
    return f"page-{page_pk}"


def minutes_to_read(words: int) -> int:
    """Whole minutes, at least one, for `words` words at 220 a minute."""
    return max(1, round(words / WORDS_A_MINUTE))


def render_shared(person, versions):
    """One section a page: everything that changed since this reader's mark; in an email, in up to three excerpts."""
    latest = {}
    for version in sorted(versions, key=lambda version: version.number):
        latest[version.page_id] = version
    return [_shared_section(version) for version in latest.values()]


def render_comments(person, comments):
    """One section a page, with each new comment in full."""
    by_page = defaultdict(list)
    for comment in sorted(comments, key=lambda comment: (comment.created_at, comment.pk)):
        by_page[comment.page_id].append(comment)
    return [_comments_section(person, found) for found in by_page.values()]


def _shared_section(version):
    owner = version.owner
    words = {"name": owner.first_name, "title": version.title}
    if version.seen:
        headline, discreet = _("%(name)s updated “%(title)s”") % words, _("%(name)s updated a page") % words
        button, read = _("See what changed"), version.words_changed
    else:
        headline, discreet = _("%(name)s shared “%(title)s”") % words, _("%(name)s shared a page") % words
        button, read = _("Read the page"), version.words
    what = _what_changed(version)
    return Section(
        thread=thread_of(version.page_id),
        headline=headline,
        discreet=discreet,
        summary=what,
        count=what,
        minutes=minutes_to_read(read) if read else 0,
        url=version.url,
        button=button,
        by=owner,
        hat="mentor",
        why=_("You get this because you are %(name)s’s mentor.") % {"name": owner.first_name},
        context=partial(_words_of_version, version),
    )


def _what_changed(version):
    if not version.seen:
        return ngettext("%(count)d word", "%(count)d words", version.words) % {"count": version.words}
    if version.changes is None:
        day = date_format(timezone.localtime(version.seen_at), "j F")
        return _("changed since you looked on %(day)s") % {"day": day}
    return ngettext("%(count)d change", "%(count)d changes", version.changes) % {"count": version.changes}


def _words_of_version(told):
    """The very words, for an email: what changed since the reader looked, or how a page that is new to them begins."""
    version = told.shelf.version(told.pk)
    changes, shown = None, []
    if told.seen:
        changes = result_of(told.shelf.comparison(told.seen, version) or _compare(told.seen, version), wait=True)
        shown = excerpts(changes, limit=MOST_EXCERPTS, words=EXCERPT_WORDS)
    return {
        "version": version,
        "owner": told.owner,
        "since": told.seen_at,
        "changes": changes.changes if changes else 0,
        "excerpts": shown,
        "more": max(0, changes.changes - len(shown)) if changes else 0,
        "opening": "" if changes else Truncator(text(version.body)).words(EXCERPT_WORDS, truncate=" …"),
    }


def _compare(seen, version):
    return comparison_of(PageVersion.objects.get(page=version.page_id, number=seen), version)


def _comments_section(person, comments):
    first = comments[0]
    owner, author = first.owner, first.author
    own = owner.pk == person.pk
    if own:
        why = _("You get this because it is about your portfolio.")
    else:
        why = _("You get this because you are %(name)s’s mentor.") % {"name": owner.first_name}
    asked = any(comment.kind == Comment.Kind.QUESTION for comment in comments)
    words = {"name": author.first_name, "title": first.title, "count": len(comments)}
    return Section(
        thread=thread_of(first.page_id),
        headline=_headline(comments) % words,
        discreet=_("%(name)s said something about a page") % words,
        summary=_summary(comments),
        count=_count(comments),
        url=first.url,
        button=_("Answer %(name)s") % words if asked else _("Open the comment"),
        by=author,
        hat="mentee" if own else "mentor",
        why=why,
        takes_replies=all(comment.reaches_author for comment in comments),
        context=partial(_words_of_comments, comments),
    )


def _headline(comments):
    if len(comments) > 1:
        return _("%(name)s left %(count)d comments on “%(title)s”")
    comment = comments[0]
    if comment.is_reply:
        return _("%(name)s replied on “%(title)s”")
    if comment.suggests:
        return _("%(name)s suggests other wording on “%(title)s”")
    return {
        Comment.Kind.QUESTION: _("%(name)s asked a question on “%(title)s”"),
        Comment.Kind.IDEA: _("%(name)s has an idea for “%(title)s”"),
        Comment.Kind.WELL_DONE: _("%(name)s says well done for “%(title)s”"),
    }.get(comment.kind, _("%(name)s commented on “%(title)s”"))


def _summary(comments):
    if len(comments) > 1:
        return _count(comments)
    return _("“%(words)s”") % {"words": Truncator(comments[0].opening).words(14, truncate="…")}


def _count(comments):
    """“a reply”, “2 questions”: what they are, where they are all of one kind."""
    if all(comment.is_reply for comment in comments):
        counted = ngettext("a reply", "%(count)d replies", len(comments))
    elif all(comment.kind == Comment.Kind.QUESTION for comment in comments):
        counted = ngettext("a question", "%(count)d questions", len(comments))
    else:
        counted = ngettext("a comment", "%(count)d comments", len(comments))
    return counted % {"count": len(comments)}


def _words_of_comments(told):
    comments = [comment.shelf.comment(comment.pk) for comment in told]
    return {"comments": comments, "author": told[0].author, "url": settings.SITE_URL + told[0].url}


PAGE_SHARED = Notice(
    kind="portfolios.page_shared",
    group="portfolio",
    template="portfolios/email/page_shared",
    may_tell=versions_to_tell,
    may_tell_all=versions_to_tell_all,
    render=render_shared,
)
COMMENTED = Notice(
    kind="portfolios.commented",
    group="portfolio",
    template="portfolios/email/comments",
    may_tell=comments_to_tell,
    may_tell_all=comments_to_tell_all,
    render=render_comments,
)
