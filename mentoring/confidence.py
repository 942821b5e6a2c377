"""How confident a mentee became, and how often the two met, in words and drawn. Nobody but the two sees it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings.growth import Measure, measures_of, together_of
from meetings.views.finding import find_pairing
from mentoring import plots


@require_safe
def confidence(request, pairing_slug):
    pairing = find_pairing(request, pairing_slug)
    context = {
        "pairing": pairing,
        "other": pairing.other_than(request.user),
        "together": together_of(pairing),
        "measures": [(measure, _drawn(measure)) for measure in measures_of(pairing)],
    }
    return render(request, "mentoring/confidence.html", context)


def _drawn(measure: Measure) -> plots.Lines | None:
    """A line of what the plans said and one of what the notes did; None for a single point."""
    if not measure.is_line:
        return None
    before = [(each.at.timestamp(), each.before) for each in measure.readings if each.before is not None]
    after = [(each.at.timestamp(), each.after) for each in measure.readings if each.after is not None]
    return plots.lines([before, after], measure.top)
