"""Comparisons between versions, made when first needed and kept; and what moves along from version to version.

What may take longer than a reader should wait is made in the background: until then there is a row that says how far
it has come.
"""

import json
import logging
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from accounts.compiled import Compiled, Given
from notifications import wake
from portfolios.anchors import move
from portfolios.comparison import Comparison as Result
from portfolios.comparison import compare, is_long
from portfolios.models import Anchor, Comparison, PageVersion
from portfolios.richtext import text

logger = logging.getLogger(__name__)

# A comparison that nobody has got on with for so long is asked for again.
ASK_AGAIN = timedelta(seconds=30)


def comparison_of(old, new) -> Comparison:
    """The row that says what changed from version `old` to version `new` of one page, made now when it is quick. Of a
    long one `result` is None while it is being made."""
    row = _stored(old, new)
    if row is None and not is_long(old.body, new.body):
        return _make(old, new)
    if row is None or (row.result is None and row.asked_at < timezone.now() - ASK_AGAIN):
        row = _ask(old, new)
    return row


def result_of(comparison, wait=False) -> Result | None:
    """What a row of `comparison_of` says, None while it is being made. `wait`: make it here and now."""
    if comparison.result is None and wait:
        make_comparison(comparison.pk)
        comparison.refresh_from_db()
    return None if comparison.result is None else Result.from_json(comparison.result)


def make_comparison(pk):
    """Make a comparison that was asked for, its row telling how far it is, and let comments follow along the versions
    of the page. Doing it again does no harm."""
    row = Comparison.objects.select_related("old", "new").get(pk=pk)
    if row.result is None:
        rows = Comparison.objects.filter(pk=pk)

        def tell(fraction):
            rows.update(progress=fraction, asked_at=timezone.now())

        result = compare(row.old.body, row.new.body, progress=tell)
        # Together: whoever finds a result need not look for comments that stayed behind.
        with transaction.atomic():
            rows.update(progress=1, **_fields(result))
            _catch_up(row.new.page_id)


def make_forgotten():
    """Make the comparisons that were asked for and that nobody has got on with."""
    forgotten = Comparison.objects.filter(result__isnull=True, asked_at__lt=timezone.now() - ASK_AGAIN)
    for pk in list(forgotten.order_by("asked_at").values_list("pk", flat=True)):
        try:
            make_comparison(pk)
        except Exception:  # one that cannot be made must not hold up the others
            logger.exception("Comparison %s could not be made", pk)
            Comparison.objects.filter(pk=pk).update(asked_at=timezone.now())


def carry_comments(old, new):
    """Let the comments on words of version `old` follow them to the next version `new`. Those of a long text follow
    in the background, when it is compared."""
    if is_long(old.body, new.body):
        _ask(old, new)
    else:
        _carry(old, new)


def anchor_at(comment, version, place, words) -> Anchor:
    """An unsaved anchor at `place` of a version whose text is `words`."""
    start, end = place
    return Anchor(comment=comment, version=version, start=start, end=end, reworded=words[start:end] != comment.quote)


def is_worth_telling(old, new) -> bool:
    """Whether the words changed, and not only their layout."""
    if old.title != new.title:
        return True
    if is_long(old.body, new.body):
        return text(old.body) != text(new.body)
    return comparison_of(old, new).changes > 0


def _catch_up(page_id):
    """Carry comments from version to version up to the latest, wherever that was not done yet."""
    behind = Anchor.objects.filter(version__page=page_id, version__number__lt=F("version__page__latest__number"))
    behind = behind.exclude(comment__anchors__version__number__gt=F("version__number"))
    first = behind.aggregate(first=Min("version__number"))["first"]
    if first is not None:
        versions = list(PageVersion.objects.filter(page=page_id, number__gte=first).order_by("number"))
        for old, new in pairwise(versions):
            _carry(old, new)


def _carry(old, new):
    anchors = list(Anchor.objects.filter(version=old).select_related("comment"))
    if not anchors:
        return
    words = text(new.body)
    places = move(
        old.body,
        new.body,
        [(anchor.start, anchor.end) for anchor in anchors],
        quotes=[anchor.comment.quote for anchor in anchors],
    )
    Anchor.objects.bulk_create(
        [anchor_at(anchor.comment, new, place, words) for anchor, place in zip(anchors, places, strict=True) if place],
        ignore_conflicts=True,
    )


def _stored(old, new):
    row = next(iter(_rows(old=old.pk, new=new.pk)), None)
    if row is None:
        return None
    return Comparison(**row._asdict() | {"result": row.result and json.loads(row.result)})


_rows = Compiled(
    lambda: Comparison.objects.filter(old=Given("old"), new=Given("new")).values(
        *("id", "old_id", "new_id", "result", "changes", "words_changed", "progress", "asked_at")
    )
)


def _make(old, new):
    row = Comparison(old=old, new=new, progress=1, **_fields(compare(old.body, new.body)))
    # Two readers may need it at the same moment: the second insert is a no-op.
    Comparison.objects.bulk_create([row], ignore_conflicts=True)
    return row


def _fields(result):
    return {"result": result.as_json(), "changes": result.changes, "words_changed": result.words_changed}


def _ask(old, new):
    row, created = Comparison.objects.get_or_create(old=old, new=new)
    if not created:
        row.asked_at = timezone.now()
        row.save(update_fields=["asked_at"])
    transaction.on_commit(lambda: wake.soon("portfolios.tasks.make_comparison", row.pk), robust=True)
    return row
