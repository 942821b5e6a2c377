"""Who asked whom in the story: through the same actions that people use, and, of the year before, what was answered."""

from datetime import timedelta

from accounts.addresses import give_slug
from accounts.slugs import free_slug
from mentoring.demo import story
from pairings import actions
from pairings.models import MentorOffer, MentorRequest, Pairing

_NUDGED_DAYS_AGO = 3


def seed_asking(people, programme, today) -> None:
    """Everybody is paired who is; `people` are by their keys."""
    data = story.asking()
    offers = {offer.enrolment.person_id: offer for offer in _offers(programme)}
    for person in sorted({key for key in people if people[key].pk in offers}):
        give_slug(people[person])
    for entry in data["before"]:
        _before(people, offers[people[entry["mentor"]].pk], entry, today)
    for entry in data["requests"]:
        _request(people, offers, entry, today)
    actions.chase_requests(story.moment(today, _NUDGED_DAYS_AGO, "09:00", "Europe/London"))


def _offers(programme):
    return MentorOffer.objects.filter(enrolment__programme=programme).select_related("enrolment__programme")


def _request(people, offers, entry, today):
    mentee, mentor = people[entry["mentee"]], people[entry["mentor"]]
    words = {name: entry[name] for name in ("why_you", "hopes", "how_we_work")}

    def at(prefix, by):
        return story.moment(
            today, entry[f"{prefix}days_ago"], entry.get(f"{prefix}time", "18:30"), by.profile.time_zone
        )

    request = actions.ask(offers[mentor.pk], by=mentee, at=at("", mentee), **words)
    if "answer" in entry:
        yes, reply = entry["answer"] == "yes", entry.get("reply", "")
        answered_at = at("answered_", mentor)
        actions.answer_request(request, by=mentor, yes=yes, words=reply, at=answered_at)
        actions.mark_request_read(request, by=mentee, until=answered_at)
    if "said_yes" in entry:
        actions.say_yes(request, by=people[entry["said_yes"]], at=at("said_yes_", mentor))


def _before(people, offer, entry, today):
    """Rows alone: whom they asked has somebody by now."""
    for (key, days_ago), days in zip(entry["asked"], entry["days"], strict=True):
        mentee, mentor = people[key], people[entry["mentor"]]
        asked_at = story.moment(today, days_ago, "19:00", "Europe/London")
        answered_at = asked_at + timedelta(days=days)
        pairing = Pairing.objects.filter(mentee=mentee, mentor=mentor).first()
        MentorRequest.objects.create(
            programme=offer.enrolment.programme,
            mentee=mentee,
            mentor=mentor,
            offer=offer,
            slug=free_slug(mentee.name, taken=MentorRequest.objects.values_list("slug", flat=True)),
            state=MentorRequest.State.ACCEPTED if pairing else MentorRequest.State.DECLINED,
            asked_at=asked_at,
            answered_at=answered_at,
            closed_at=answered_at,
            closed_by=mentor,
            pairing=pairing,
        )
