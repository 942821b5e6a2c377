"""Comparisons between versions, made when first needed and kept."""

from portfolios.comparison import Comparison as Result
from portfolios.comparison import compare
from portfolios.models import Comparison


def stored_comparison(old, new) -> Result:
    """What changed from version `old` to version `new` of one page."""
    return stored_comparisons([(old, new)])[old, new]


def stored_comparisons(pairs) -> dict[tuple, Result]:
    """What changed between the versions of each pair (old, new); one query for all that were made before."""
    kept = {
        (comparison.old_id, comparison.new_id): Result.from_json(comparison.result)
        for comparison in Comparison.objects.filter(
            old__in=[old for old, new in pairs], new__in=[new for old, new in pairs]
        )
    }
    return {(old, new): kept.get((old.pk, new.pk)) or _make(old, new) for old, new in pairs}


def _make(old, new):
    result = compare(old.body, new.body)
    # Two readers may need it at the same moment: the second insert is a no-op.
    Comparison.objects.bulk_create(
        [
            Comparison(
                old=old,
                new=new,
                result=result.as_json(),
                changes=result.changes,
                words_changed=result.words_changed,
            )
        ],
        ignore_conflicts=True,
    )
    return result
