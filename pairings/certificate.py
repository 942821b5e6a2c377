"""A certificate of the hours that a mentor gave, for their own development: a tagged PDF (PDF/UA-1).

Typst sets it. All words reach it as data (`sys_inputs`), never as markup. The mentee appears by initials alone: the
paper goes to employers and professional bodies, who learn of the mentor's hours and of nobody else.
"""

import json
import logging
from importlib.util import find_spec
from pathlib import Path

import typst
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

PAPER = Path(__file__).with_name("certificate.typ")
ACCESSIBLE = "ua-1"
NOT_THERE = "could not be displayed"

logger = logging.getLogger(__name__)


def certificate_of(pairing, form) -> dict[str, str]:
    """What it says, by the names that certificate.typ uses. `form`: the pairing's CompletionForm, with its hours."""
    programme, until = pairing.programme, pairing.ended_at or form.at
    period = {"began": _day(pairing.created_at), "until": _day(until)}
    hours = ngettext("%(hours)s hour", "%(hours)s hours", form.hours if form.hours == 1 else 2)
    return {
        "lang": (get_language() or settings.LANGUAGE_CODE).partition("-")[0],
        "title": _("Certificate of mentoring"),
        "body": programme.body,
        "intro": _("This is to confirm that"),
        "mentor": pairing.mentor.name,
        "did": _("mentored one person (%(initials)s) in the programme") % {"initials": pairing.mentee.initials},
        "programme": programme.name,
        "period_label": _("Period"),
        "period": _("%(began)s to %(until)s") % period,
        "hours_label": _("Hours given"),
        "hours": hours % {"hours": number_format(form.hours.normalize(), use_l10n=True)},
        "note": _("The hours are the mentor’s own count of meetings, reading and preparing, given on %(day)s.")
        % {"day": _day(form.at)},
        "site": settings.SITE_NAME,
    }


def pdf(words: dict[str, str]) -> bytes:
    """The paper. A character that our letters lack (an emoji, say) would keep it from being accessible by the standard:
    then it is made without that promise, and the log says so, without the words."""
    try:
        return _compile(words, [ACCESSIBLE])
    except typst.TypstError as error:
        if NOT_THERE not in str(error):
            raise
        logger.warning(
            "A certificate holds a character that no letter is there for; it was made without %s", ACCESSIBLE
        )
        return _compile(words, [])


def file_name(pairing) -> str:
    """Without anybody's name: the address of a pairing has the mentee's."""
    return f"{slugify(_('certificate')) or 'mentoring'}-{pairing.programme.slug}.pdf"


def _compile(words, standards):
    fonts = Path(find_spec("fontpkg_noto_sans").origin).with_name("files")
    return typst.compile(
        PAPER,
        root=PAPER.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"words": json.dumps(words)},
        pdf_standards=standards,
    )


def _day(moment):
    return date_format(timezone.localtime(moment), "j F Y")
