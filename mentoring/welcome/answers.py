"""What somebody said in their welcome, to look over before others see it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.welcome.steps import Part
from programmes.models import Enrolment


@dataclass(frozen=True)
class Answers:
    """`rows`: (what was asked, what was said; "" when nothing was)."""

    title: str
    url: str
    rows: list[tuple[str, str]]


def answers_of(part: Part) -> list[Answers]:
    """By step, in its order. What a mentor offers is as they last said it."""
    return [_about(part), _photo(part), *(_of_mentee(part) if part.is_mentee else _of_mentor(part)), _times(part)]


def _about(part):
    enrolment, profile = part.enrolment, part.enrolment.person.profile
    job = _("Between jobs") if profile.between_jobs and not profile.job_title else profile.job_title
    rows = [
        (_("Name"), enrolment.person.name),
        (_("We call you"), enrolment.person.first_name),
        (_("Job title"), job),
        (_("Employer"), profile.employer),
        (_("Town or city"), profile.place),
    ]
    if enrolment.has_sectors:
        rows.append((_("Sector"), str(enrolment.sector or "")))
    if enrolment.has_regions:
        rows.append((_("Region"), str(enrolment.region or "")))
    if part.is_mentee:
        rows.append((_("You meet by"), _ways(enrolment)))
    rows.append((_("About you"), profile.about))
    if part.is_mentee and enrolment.programme.bars_line_manager:
        hidden = _("%(manager)s (only the programme team sees this)") % {"manager": enrolment.line_manager}
        rows.append((_("Your line manager"), hidden if enrolment.line_manager else ""))
    return Answers(_("About you"), part.url("welcome_you"), rows)


def _photo(part):
    said = _("A picture of you") if part.enrolment.person.profile.photo else _("Your initials, until you add one")
    return Answers(_("Photo"), reverse("photo"), [(_("Beside your name"), said)])


def _of_mentee(part):
    enrolment = part.enrolment
    rows = [(_("You hope for"), enrolment.hopes)]
    if enrolment.level:
        rows.append((_("Working towards"), str(enrolment.level)))
    return [Answers(_("What you hope for"), part.url("welcome_hopes"), rows)]


def _of_mentor(part):
    """Of the offer itself once there is one."""
    enrolment, offer, kept = part.enrolment, part.offer, part.kept
    steps = {step.key: step for step in part.steps}
    said = {name: getattr(offer, name) if offer else kept.get(name, "") for name in ("can_help", "how_i_work")}
    held = offer.holds.all() if offer else enrolment.programme.levels.filter(pk__in=kept.get("holds", ()))
    who = [(_("Who I can help"), said["can_help"]), (_("How I work"), said["how_i_work"])]
    if enrolment.level_count:
        who.append((_("Levels you hold"), ", ".join(map(str, held))))
    places = [
        (_("Mentees at a time"), str(offer.capacity if offer else kept.get("capacity", ""))),
        (_("You meet by"), _ways(enrolment)),
    ]
    if offer and offer.trained_until:
        places.append((_("Training valid until"), date_format(offer.trained_until, "j F Y")))
    elif enrolment.programme.needs_training:
        places.append((_("Training valid until"), _("The programme team adds the date. Then mentees find you.")))
    return [
        Answers(steps["role"].title, steps["role"].url, who),
        Answers(steps["places"].title, steps["places"].url, places),
    ]


def _times(part):
    zone = _("%(place)s time") % {"place": part.enrolment.person.profile.zone_name}
    return Answers(_("Times"), reverse("time"), [(_("Shown in"), zone)])


def _ways(enrolment):
    return ", ".join(str(Enrolment.MeetsBy(way).label) for way in enrolment.meets_by)
