"""How the programme of the story is set up, where its people work and how they meet, and who is about to come."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Profile, User
from mentoring.demo import story
from pairings.models import MentorOffer
from programmes.actions import apply, invite
from programmes.links import digest_of
from programmes.models import (
    AgreementOption,
    AgreementQuestion,
    CompletionQuestion,
    Enrolment,
    Invitation,
    Level,
    Region,
    Sector,
)

# Public by intent, as the passwords are: the page of an invitation can be looked at without its email.
INVITATION = "come-and-join-us-in-the-demo"


def seed_joining(people, programme, today) -> None:
    """Everybody is enrolled; `people` are by their keys."""
    data = story.joining()
    _rules(programme, data)
    _lists(people, programme, data)
    _questions(programme, data)
    _training(programme, today)
    _invitation(people["marguerite"], programme, data["invitation"], today)
    _application(programme, data["application"], today)


def _rules(programme, data):
    for name, value in data["rules"].items():
        setattr(programme, name, value)
    programme.summary = story.programme()["programme"]["summary"]
    programme.save()


def _lists(people, programme, data):
    names = sorted({entry["sector"] for entry in story.people()})
    sectors = {name: Sector.objects.create(programme=programme, name=name) for name in names}
    regions, ways, managers = {}, data["meets_by"], data["line_managers"]
    for position, (name, places) in enumerate(data["regions"].items()):
        region = Region.objects.create(programme=programme, name=name, position=position)
        regions |= dict.fromkeys(places, region)
    for entry in story.people():
        key = entry["key"]
        meets_by = [] if key in ways["not_video"] else ["video"]
        meets_by += [way for way in ("in_person", "phone") if key in ways[way]]
        enrolments = Enrolment.objects.filter(programme=programme, person=people[key])
        enrolments.update(sector=sectors[entry["sector"]], region=regions[entry["place"]], meets_by=meets_by)
        enrolments.filter(role=Enrolment.Role.MENTEE).update(line_manager=managers.get(key, ""))


def _questions(programme, data):
    for position, entry in enumerate(data["agreement"]):
        options = entry.pop("options", [])
        question = AgreementQuestion.objects.create(programme=programme, position=position, **entry)
        for place, option in enumerate(options):
            AgreementOption.objects.create(question=question, position=place, **option)
    for position, entry in enumerate(data["completion"]):
        CompletionQuestion.objects.create(programme=programme, position=position, **entry)


def _training(programme, today):
    """Everybody's is valid, for one longer than for another."""
    offers = MentorOffer.objects.filter(enrolment__programme=programme, trained_until=None).order_by("pk")
    for number, offer in enumerate(offers):
        offer.trained_until = today + timedelta(days=120 + 40 * number)
        offer.save(update_fields=["trained_until"])


def _invitation(lead, programme, entry, today):
    invitation = invite(
        programme,
        email=entry["email"],
        name=entry["name"],
        role=entry["role"],
        level=Level.objects.get(programme=programme, name=entry["level"]),
        by=lead,
        at=story.moment(today, entry["days_ago"], entry["time"], "Europe/London"),
    )
    reminded = story.moment(today, entry["reminded_days_ago"], entry["time"], "Europe/London")
    Invitation.objects.filter(pk=invitation.pk).update(digest=digest_of(INVITATION), nudged_at=reminded)


def _application(programme, entry, today):
    at = story.moment(today, entry["days_ago"], entry["time"], "Europe/London")
    person = User.objects.create(
        email=entry["email"],
        name=entry["name"],
        known_as=entry["known_as"],
        password=make_password(None),
        date_joined=at,
    )
    fields = ("job_title", "employer", "place")
    Profile.objects.create(user=person, time_zone="Europe/London", **{field: entry[field] for field in fields})
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    level = Level.objects.get(programme=programme, name=entry["level"])
    apply(programme, by=person, role=entry["role"], level=level, words=entry["words"], at=at)
