"""Who may be whose mentor, and what speaks for it. The register asks the same of the database (`pairings.register`) and
matching asks it of whole arrays; tests hold them together.

Everything but the makers of a `Party` is pure: plain facts in, words out.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from programmes.refusal import MoveRefused

# What parts words, written out so that the database parts them alike (`pairings.register.Folded`).
SEPARATORS = "[\u0001-/:-@\\[-`{-\u00bf\u2000-\u206f\u3000-\u303f]+"
ACCENTS = "[\u0300-\u036f]+"
_EMAIL = re.compile(r"[^\s<>(),;:]+@[^\s<>(),;:]+")
_LONGEST_NAME = 6  # words
# What people write who work for nobody else, folded.
_NO_EMPLOYER = frozenset(
    {"self employed", "selfemployed", "self", "myself", "freelance", "freelancer", "independent", "retired"}
    | {"none", "no one", "nobody", "n a", "unemployed", "between jobs"}
)


@dataclass(frozen=True)
class Party:
    """What the rules need to know of somebody in a programme. `sector`, `region`, `level` and `holds` are keys."""

    person: int
    programme: int
    name: str
    email: str
    employer: str = ""
    sector: int | None = None
    region: int | None = None
    meets_by: frozenset = frozenset()
    # Of a mentee.
    level: int | None = None
    line_manager: str = ""
    # Of a mentor.
    holds: frozenset = frozenset()
    trained_until: date | None = None


def party_of(enrolment) -> Party:
    """What `fit` needs to know of either. With `person__profile` selected, without a query."""
    return Party(**_facts(enrolment))


def party_of_mentee(enrolment) -> Party:
    """With `person__profile` selected, without a query."""
    return Party(**_facts(enrolment), level=enrolment.level_id, line_manager=enrolment.line_manager)


def party_of_mentor(offer) -> Party:
    """With `enrolment__person__profile` selected and `holds` prefetched, without a query."""
    return Party(
        **_facts(offer.enrolment),
        holds=frozenset(level.pk for level in offer.holds.all()),
        trained_until=offer.trained_until,
    )


def barred(mentee: Party, mentor: Party, rules, today: date) -> list[str]:
    """Why they cannot work together, in words; [] when they can. `rules` is their programme, or anything else with its
    four rules: needs_training, needs_level, bars_line_manager, bars_same_employer."""
    reasons = [
        (mentee.person == mentor.person, _("nobody mentors themselves")),
        (mentee.programme != mentor.programme, _("takes part in another programme")),
        (rules.needs_training and not is_trained(mentor.trained_until, today), _("has no valid training date")),
        (rules.needs_level and not holds_level(mentee.level, mentor.holds), _("does not hold the level")),
        (rules.bars_line_manager and manages(mentor, mentee.line_manager), _("is the line manager")),
        (rules.bars_same_employer and shares_employer(mentee, mentor), _("works for the same employer")),
    ]
    return [words for holds, words in reasons if holds]


def check_allowed(enrolment, offer, today: date) -> None:
    """Raises MoveRefused when the programme's rules forbid that a mentee, by their enrolment, is mentored by whoever
    made this offer."""
    if reasons := barred(party_of_mentee(enrolment), party_of_mentor(offer), enrolment.programme, today):
        mentor, mentee = offer.enrolment.person.first_name, enrolment.person.first_name
        raise MoveRefused(
            _("%(mentor)s can’t be the mentor of %(mentee)s: %(reasons)s.")
            % {"mentor": mentor, "mentee": mentee, "reasons": "; ".join(reasons)}
        )


def fit(mentee: Party, mentor: Party, rules) -> list[str]:
    """What speaks for them, in words for the mentee, the same order always. `rules.advises_other_sector` decides
    whether another sector speaks for a mentor or the same one does."""
    words = []
    if suits_by_sector(mentee.sector, mentor.sector, rules):
        words.append(_("outside your sector") if rules.advises_other_sector else _("same sector"))
    if same_region(mentee.region, mentor.region):
        words.append(_("same region"))
    if ways := mentee.meets_by & mentor.meets_by:
        words.append(_BOTH_MEET[next(way for way in _BOTH_MEET if way in ways)]())
    return words


def is_trained(until: date | None, today: date) -> bool:
    return until is not None and until >= today


def holds_level(level: int | None, held: frozenset) -> bool:
    """A mentee who works towards no level yet may have any mentor."""
    return level is None or level in held


def lacks_employer(enrolment) -> bool:
    """Whether the rule of the same employer cannot hold for a mentee: nobody knows yet whom they work for."""
    profile = enrolment.person.profile
    return enrolment.programme.bars_same_employer and not (profile.employer or profile.between_jobs)


def shares_employer(mentee: Party, mentor: Party) -> bool:
    """Nobody's employer equals nobody's, and nobody shares it with others who work for themselves."""
    employer = employer_key(mentee.employer)
    return employer != "" and employer == employer_key(mentor.employer)


def manages(mentor: Party, line_manager: str) -> bool:
    return not manager_keys(line_manager).isdisjoint(keys_of(mentor.name, mentor.email))


def suits_by_sector(mentee: int | None, mentor: int | None, rules) -> bool:
    """Where one of them did not say, their sector says nothing."""
    return None not in (mentee, mentor) and (mentee != mentor) == rules.advises_other_sector


def same_region(mentee: int | None, mentor: int | None) -> bool:
    return mentee is not None and mentee == mentor


def folded(text: str) -> str:
    """For comparing what people typed: without accents, capitals, and marks between words."""
    letters = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text)).lower()
    return re.sub(SEPARATORS, " ", letters).strip(" ")


def employer_key(text: str) -> str:
    """For comparing employers; "" of whoever says that they have none."""
    employer = folded(text)
    return "" if employer in _NO_EMPLOYER or employer == folded(_("Self-employed")) else employer


def keys_of(name: str, email: str) -> frozenset[str]:
    """By what a line manager may be recognised: compare with `manager_keys`."""
    return frozenset({folded(name), email.lower()} - {""})


def manager_keys(text: str) -> frozenset[str]:
    """All that what a mentee wrote of their line manager may mean: “Dr Ruth Lindqvist (ruth@leeds.example)”,
    “Lindqvist, Ruth”. One word alone means a whole name, never a part of one."""
    emails = {email.lower().strip(".") for email in _EMAIL.findall(text)}
    rest = _EMAIL.sub(" ", text)
    last, comma, first = rest.partition(",")
    keys = {folded(rest)} | _phrases(folded(rest))
    if comma:
        keys |= _phrases(folded(f"{first} {last}")) | {folded(part) for part in (last, first) if " " in part.strip()}
    return frozenset((keys | emails) - {""})


_BOTH_MEET = {
    "video": lambda: pgettext("of a mentee and a mentor", "you both meet by video"),
    "in_person": lambda: pgettext("of a mentee and a mentor", "you both meet in person"),
    "phone": lambda: pgettext("of a mentee and a mentor", "you both talk by phone"),
}


def _facts(enrolment):
    person = enrolment.person
    return {
        "person": person.pk,
        "programme": enrolment.programme_id,
        "name": person.name,
        "email": person.email,
        "employer": person.profile.employer,
        "sector": enrolment.sector_id,
        "region": enrolment.region_id,
        "meets_by": frozenset(enrolment.meets_by),
    }


def _phrases(text):
    """Two to six words that stand side by side."""
    words = text.split()
    lengths = range(2, min(_LONGEST_NAME, len(words)) + 1)
    return {" ".join(words[start : start + length]) for length in lengths for start in range(len(words) - length + 1)}
