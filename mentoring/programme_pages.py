"""The pages of a programme in the admin: their addresses, and their place in the list of what there is."""

from functools import partial

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from mentoring import board_admin, board_pairings, matching_admin, plan_questions, programme_health
from mentoring.exports import urls as exports
from mentoring.exports.views import MAY_EXPORT
from mentoring.imports import urls as imports
from mentoring.imports.notices import MAY_IMPORT

# What stands in the list: name of the address, words, who may open it.
ENTRIES = [
    ("board", _("Board"), board_admin.LOOK),
    ("matching", _("Matching"), matching_admin.LOOK),
    ("programme_health", _("Health"), programme_health.LOOK),
    ("plan_questions", _("Questions before a meeting"), plan_questions.LOOK),
    ("imports", _("Bring in members"), MAY_IMPORT),
    ("exports", _("Take lists home"), MAY_EXPORT),
]


def patterns(site) -> list:
    """For the `site`'s own `get_urls`."""
    return [
        _page(site, "board/", board_admin.show, "board"),
        _page(site, "board/mentees/<int:pk>/", board_admin.mentors, "board_mentors"),
        _page(site, "board/requests/<int:pk>/reminder/", board_admin.reminder, "board_reminder"),
        _page(site, "board/pairings/<int:pk>/note/", board_admin.note, "board_note"),
        _page(site, "board/pairings/<int:pk>/another-mentor/", board_pairings.another_mentor, "board_another_mentor"),
        _page(site, "board/pairings/end/", board_pairings.end, "board_end"),
        _page(site, "matching/", matching_admin.show, "matching"),
        _page(site, "matching/<int:pk>/", matching_admin.run, "match_run"),
        _page(site, "matching/<int:pk>/stop/", matching_admin.stop, "match_stop"),
        _page(site, "matching/<int:pk>/proposed/", matching_admin.propose_one, "match_propose"),
        _page(site, "matching/<int:pk>/skipped/", matching_admin.skip_one, "match_skip"),
        _page(site, "matching/<int:pk>/choices/", matching_admin.choose, "match_choose"),
        _page(site, "matching/<int:pk>/again/", matching_admin.again, "match_again"),
        _page(site, "matching/<int:pk>/all/", matching_admin.propose_rest, "match_all"),
        _page(site, "health/", programme_health.show, "programme_health"),
        _page(site, "questions/", plan_questions.show, "plan_questions"),
        *[_page(site, *each) for each in (*imports.ROUTES, *exports.ROUTES)],
    ]


def as_app(user) -> list[dict]:
    """What Django's list of apps shows of them, to stand first: [] for somebody who may open none."""
    models = [
        {
            "name": words,
            "object_name": name,
            "admin_url": reverse(f"admin:{name}"),
            "add_url": None,
            "view_only": True,
        }
        for name, words, permission in ENTRIES
        if user.has_perm(permission)
    ]
    app = {
        "name": _("Your programme"),
        "app_label": "programme",
        "app_url": models[0]["admin_url"] if models else "",
        "has_module_perms": True,
        "models": models,
    }
    return [app] if models else []


def _page(site, route, view, name):
    return path(f"programme/{route}", site.admin_view(partial(view, site=site)), name=name)
