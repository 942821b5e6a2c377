"""Word to whoever imports a list that takes long: it is done."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.imports.checking import PROBLEM
from mentoring.imports.rows import counted
from notifications.notices import Notice, Section
from programmes.models import Import

MAY_IMPORT = "programmes.add_import"
MOST_PROBLEMS = 5


def thread_of(pk) -> str:
    return f"import-{pk}"


def imports_to_tell(person, ids, pairings=None) -> list[Import]:
    """Those of the imports `ids` that are done, and that `person` may see now."""
    if not (person.is_staff and person.has_perm(MAY_IMPORT)):
        return []
    mine = Import.objects.administered_by(person).filter(pk__in=ids, state=Import.State.DONE)
    return list(mine.select_related("programme", "by"))


def render_imports(person, imports):
    return [_section(import_) for import_ in imports]


def _section(import_):
    counts = counted(import_.rows)
    added = ngettext("%(count)d added", "%(count)d added", counts.added) % {"count": counts.added}
    if counts.problems:
        needs = ngettext("%(count)d needs you", "%(count)d need you", counts.problems) % {"count": counts.problems}
        headline = _("Import done: %(added)s, %(needs)s") % {"added": added, "needs": needs}
    else:
        headline = _("Import done: %(added)s") % {"added": added}
    return Section(
        thread=thread_of(import_.pk),
        headline=headline,
        discreet=headline,
        summary=_("a list of members"),
        count=_("a list of members"),
        url=reverse("admin:import", args=[import_.pk]),
        button=_("See problems") if counts.problems else _("See what was imported"),
        by=import_.by,
        hat="",
        why=_("You get this because you imported a list into “%(programme)s”.") % {"programme": import_.programme},
        takes_replies=False,
        context=lambda: {
            "counts": counts,
            "programme": import_.programme,
            "rows": [row for row in import_.rows if row["what"] == PROBLEM][:MOST_PROBLEMS],
            "others": max(0, counts.problems - MOST_PROBLEMS),
        },
    )


IMPORTED = Notice(
    kind="programmes.import",
    group="",
    template="mentoring/email/import",
    may_tell=imports_to_tell,
    render=render_imports,
)
