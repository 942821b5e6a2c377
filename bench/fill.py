"""A database that has been in use for long: 1,000,000 versions around those that are measured."""

from django.db import connection, transaction

from notifications.models import Notification
from pairings.models import Pairing
from portfolios.models import Comment, Page, PageVersion

# A portfolio each, of 10 pages of 30 versions, with 3 comments each; every third has a mentor of their own.
_PEOPLE = "SELECT 1000000 + n AS person, 1100000 + n / 3 AS mentor FROM generate_series(0, 3299) n"
_PAGES = f"SELECT *, 10 * person + place AS page FROM ({_PEOPLE}) people, generate_series(0, 9) place"
_VERSIONS = f"SELECT *, 100 * page + nth AS version FROM ({_PAGES}) pages, generate_series(1, 30) nth"
_COMMENTS = f"SELECT *, 10 * page + nth AS comment FROM ({_PAGES}) pages, generate_series(1, 3) nth"
# And one page of 10,000 versions more, in the portfolio whose pages are measured.
_LONG = "SELECT nth, 9000000000 + nth AS version FROM generate_series(2, 10001) nth"

_TEXT = "'<p>' || repeat(md5({}::text) || ' ', 6) || '</p>'"  # 205 characters


def fill(world) -> int:
    """Copy what is in `world` until there are 1,000,000 versions. Returns how many there are then."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers and foreign keys would look at each row; these are right by construction.
        cursor.execute("SET LOCAL session_replication_role = replica")
        _people(world)
        _pages(world.page)
        _talk(world)
        _long_page(world)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return PageVersion.objects.count()


def copy(source, rows, **columns):
    """Insert a copy of `source` (of a model) for each of `rows` (SQL); `columns` are other there: name → SQL."""
    table = connection.ops.quote_name(source._meta.db_table)
    names = {field.column for field in source._meta.local_concrete_fields}
    if unknown := columns.keys() - names:
        raise LookupError(f"{table} has no {', '.join(sorted(unknown))}.")
    quoted = {name: connection.ops.quote_name(name) for name in sorted(names)}
    values = [columns.get(name, f"source.{quoted[name]}") for name in quoted]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(quoted.values())}) SELECT {', '.join(values)} "
            f"FROM ({rows}) rows, {table} source WHERE source.id = %s",
            [source.pk],
        )


def _people(world):
    for person, key in ((world.mentee, "person"), (world.mentor, "mentor")):
        rows = f"SELECT DISTINCT {key} FROM ({_PEOPLE}) people"
        copy(person, rows, id=key, email=f"{key} || '@example.org'", name=f"'Person ' || {key}")
        copy(person.profile, rows, id=key, user_id=key, slug="NULL")
    portfolio = world.page.portfolio
    slug = "'portfolio-' || person"
    copy(portfolio.enrolment, _PEOPLE, id="person", person_id="person")
    copy(portfolio, _PEOPLE, id="person", enrolment_id="person", slug=slug)
    copy(portfolio.slugs.get(), _PEOPLE, id="person", portfolio_id="person", slug=slug)
    pairing = Pairing.objects.get(mentee=world.mentee)
    copy(pairing, _PEOPLE, id="person", mentee_id="person", mentor_id="mentor", slug="'pairing-' || person")


def _pages(page):
    slug, latest = "'page-' || place", "100 * page + 30"
    page.refresh_from_db()
    copy(page, _PAGES, id="page", portfolio_id="person", slug=slug, position="place", latest_id=latest)
    copy(page.slugs.first(), _PAGES, id="page", page_id="page", portfolio_id="person", slug=slug)
    copy(page.draft, _PAGES, id="page", page_id="page", body=_TEXT.format("page"))
    visit = page.visits.exclude(version=None).first()
    before = {"previous_version_id": "NULL", "previous_at": "NULL"}
    copy(visit, _PAGES, id="page", page_id="page", reader_id="mentor", version_id=latest, **before)
    copy(
        page.latest,
        _VERSIONS,
        id="version",
        page_id="page",
        number="nth",
        body=_TEXT.format("version"),
        words="6",
        shared_at="source.shared_at - (31 - nth) * interval '1 day'",
        shared_by_id="person",
    )


def _talk(world):
    """What was said beside the pages, and that each heard of it."""
    comment = Comment.objects.filter(page=world.page, parent=None, quote="", settled_at=None).first()
    about = {"page_id": "page", "version_id": "100 * page + 30"}
    copy(comment, _COMMENTS, id="comment", author_id="mentor", body="md5(comment::text)", **about)
    told = Notification.objects.filter(event__about_id=comment.pk, event__kind="portfolios.commented").get()
    thread, bundle = "'page-' || page", "'pairing-' || person"
    copy(told.event, _COMMENTS, id="comment", about_id="comment", by_id="mentor", thread=thread, bundle=bundle)
    copy(told, _COMMENTS, id="comment", event_id="comment", person_id="person", seen_at="now()")


def _long_page(world):
    page = world.page.portfolio.pages.last()
    copy(
        page.versions.get(),
        _LONG,
        id="version",
        number="nth",
        body=_TEXT.format("version"),
        words="6",
        shared_at="source.shared_at + nth * interval '1 minute'",
    )
    Page.objects.filter(pk=page.pk).update(latest=page.versions.last())
