"""Comparisons between versions, made when first needed and kept."""

from portfolios.comparison import Comparison as Result
from portfolios.comparison import compare
from portfolios.models import Comparison


def stored_comparison(old, new) -> Result:
    """What changed from version `old` to version `new` of one page."""
    kept = Comparison.objects.filter(old=old, new=new).first()
    if kept:
        return Result.from_json(kept.result)
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
