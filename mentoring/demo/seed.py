"""Builds the demo programme through the same actions that people use. Nobody gets an email about the past."""

from datetime import date
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import Profile, User
from files.actions import store
from files.kinds import ATTACHMENT
from mentoring.demo import story
from mentoring.demo.agreements import seed_agreements, why_it_ended
from mentoring.demo.asking import seed_asking
from mentoring.demo.joining import seed_joining
from mentoring.demo.matching import seed_matching
from mentoring.demo.meeting import days_since_joining, seed_meetings
from mentoring.demo.welcome import seed_welcome
from mentoring.roles import HELPERS, LEADS
from notifications.actions import quietly
from pairings.actions import begin_pairing, edit_message, end_pairing, mark_messages_read, move_pairing, send_message
from pairings.models import MentorOffer, Pairing
from portfolios import actions
from programmes.actions import enrol
from programmes.models import Criterion, Enrolment, Level, Programme

PASSWORD = "open-stacks-2026"  # noqa: S105 - public by intent: the accounts exist in the demo only
State = Pairing.State
DOMAIN = "demo.example"
LEVEL = "Chartership"


def is_seeded() -> bool:
    return User.objects.filter(email__endswith=f"@{DOMAIN}").exists()


@transaction.atomic
def seed(today: date) -> None:
    """Tell the whole story so that it ends `today`."""
    with quietly():
        people = _people()
        programme = _programme()
        _enrolments(people, programme, today)
        seed_joining(people, programme, today)
        seed_welcome(people, programme, today)
        _pairings(people, programme, today)
        seed_asking(people, programme, today)
        seed_matching(people, programme, today)
        for entry in story.threads():
            _thread(people, entry, today)
        for key, pages in story.portfolios().items():
            _portfolio(people, people[key], pages, today)
        seed_agreements(people, programme, today)
        seed_meetings(people, programme, today)


def _people():
    password = make_password(PASSWORD)
    found = {}
    for entry in story.people():
        key = entry["key"]
        user = User(
            email=f"{key}@{DOMAIN}",
            name=entry["name"],
            known_as=entry["known_as"],
            is_staff=entry.get("staff", False),
            is_superuser=entry.get("superuser", False),
            password=password,
        )
        user.save()
        fields = ("about", "job_title", "employer", "place", "time_zone")
        Profile.objects.create(user=user, **{field: entry[field] for field in fields})
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if user.is_staff:
            user.groups.add(Group.objects.get(name=HELPERS if entry.get("view_only") else LEADS))
        found[key] = user
    return found


def _programme():
    data = story.programme()
    programme = Programme.objects.create(
        name=data["programme"]["name"], slug="chartership", body=data["programme"]["body"]
    )
    levels = {
        entry["name"]: Level.objects.create(
            programme=programme, name=entry["name"], position=entry["order"], summary=entry["sentence"]
        )
        for entry in data["levels"]
    }
    for entry in data["criteria"]:
        Criterion.objects.create(**{**entry, "level": levels[entry["level"]]})
    return programme


def _enrolments(people, programme, today):
    level = Level.objects.get(programme=programme, name=LEVEL)
    for entry in story.people():
        for role in entry["roles"]:
            began = story.moment(today, days_since_joining(entry["key"], role), "09:00", "Europe/London")
            enrolment = enrol(
                people[entry["key"]],
                programme=programme,
                role=role,
                level=level if role == Enrolment.Role.MENTEE else None,
                by=people["marguerite"],
                at=began,
            )
            if role == Enrolment.Role.MENTOR:
                MentorOffer.objects.create(
                    enrolment=enrolment, capacity=entry["capacity"], how_i_work=entry["how_i_work"]
                )
            elif role == Enrolment.Role.MENTEE:
                actions.open_portfolio(enrolment, by=people[entry["key"]], at=began)


def _pairings(people, programme, today):
    for entry in story.pairings():
        began = story.moment(today, entry["began_days_ago"], "10:00", "Europe/London")
        pairing = begin_pairing(
            programme=programme,
            mentee=people[entry["mentee"]],
            mentor=people[entry["mentor"]],
            by=people["marguerite"],
            at=began,
        )
        if entry["state"] != State.AGREEING:
            move_pairing(pairing, State.ACTIVE, by=people["marguerite"], at=began)


def _thread(people, entry, today):
    """What two wrote to each other, and that they read it, but for the last few."""
    mentee, mentor = people[entry["mentee"]], people[entry["mentor"]]
    pairing = Pairing.objects.get(mentee=mentee, mentor=mentor)
    sent = [_message(pairing, people[said["author"]], said, today) for said in entry["messages"]]
    read = sent[-1 - entry.get("new", 0)]
    for person in (mentee, mentor):
        mark_messages_read(pairing, by=person, until=read.number)


def _message(pairing, author, said, today):
    def when(days_ago, time):
        return story.moment(today, days_ago, time, author.profile.time_zone)

    names = [said["file"]] if "file" in said else []
    message = send_message(
        pairing,
        by=author,
        body=said.get("first", said["body"]).strip(),
        files=[store(ContentFile(story.file(name), name), owner=author, kind=ATTACHMENT) for name in names],
        at=when(said["days_ago"], said["time"]),
    )
    if "first" in said:
        edited_at = when(said["edited_days_ago"], said["edited_time"])
        edit_message(message, by=author, body=said["body"].strip(), at=edited_at)
    return message


def _endings(people, owner, today):
    """The ends of a mentee's pairings, as happenings: what is shared later is no business of that mentor."""
    for entry in story.pairings():
        if entry["state"] == State.ENDED and people[entry["mentee"]] == owner:
            pairing = Pairing.objects.get(mentee=owner, mentor=people[entry["mentor"]])
            ended = story.moment(today, entry["ended_days_ago"], "18:00", "Europe/London")
            yield ended, 5, partial(end_pairing, pairing, by=owner, why=why_it_ended(), at=ended)


def _portfolio(people, owner, pages, today):
    """Everything that happened in one portfolio, in the order in which it happened."""
    portfolio = owner.enrolments.get(role=Enrolment.Role.MENTEE).portfolio
    happenings = list(_endings(people, owner, today))
    for entry in pages:
        happenings += _Page(people, owner, portfolio, entry, today).happenings()
    for _at, _rank, happen in sorted(happenings, key=lambda happening: happening[:2]):
        happen()


class _Page:
    """One page of the story: what happens to it, as (when, rank, call)."""

    def __init__(self, people, owner, portfolio, entry, today):
        self.people, self.owner, self.portfolio, self.entry, self.today = (
            people,
            owner,
            portfolio,
            entry,
            today,
        )
        self.comments = {}
        first = (entry.get("versions") or [entry["draft"]])[0]
        self.page = actions.add_page(
            portfolio, title=first["title"], by=owner, at=self._when(first, owner.profile.time_zone)
        )

    def happenings(self):
        for version in self.entry.get("versions", []):
            yield self._when(version), 0, partial(self._share, version)
        for comment in self.entry.get("comments", []):
            author = self.people[comment["author"]]
            yield self._when(comment, author.profile.time_zone), 1, partial(self._comment, comment)
            if "taken_days_ago" in comment:
                taken = {"days_ago": comment["taken_days_ago"], "time": comment["taken_time"]}
                yield self._when(taken), 2, partial(self._take, comment, self._when(taken))
            if "settled_days_ago" in comment:
                settled = story.moment(self.today, comment["settled_days_ago"], "21:30", "Europe/London")
                yield settled, 2, partial(self._settle, comment, settled)
        for read in self.entry.get("reads", []):
            reader = self.people[read["reader"]]
            at = self._when(read, reader.profile.time_zone)
            yield at, 3, partial(actions.mark_read, self.page, by=reader, until=at, at=at)
        if draft := self.entry.get("draft"):
            yield self._when(draft), 4, partial(self._write, draft)

    def _when(self, entry, zone=None):
        return story.moment(self.today, entry["days_ago"], entry["time"], zone or self.owner.profile.time_zone)

    def _write(self, entry):
        self.page.refresh_from_db()
        draft = self.page.draft
        actions.save_draft(
            self.page,
            title=entry["title"],
            body=story.words(self.owner.email.partition("@")[0], entry["file"]),
            criteria=Criterion.objects.filter(level=self.portfolio.enrolment.level, number__in=self.entry["criteria"]),
            saves=draft.saves,
            by=self.owner,
            at=self._when(entry),
        )

    def _share(self, entry):
        self._write(entry)
        at = self._when(entry)
        actions.share_update(self.page, by=self.owner, note=entry.get("note", ""), at=at)
        # Who shares again has read what was said about the last version.
        actions.mark_read(self.page, by=self.owner, until=at, at=at)

    def _comment(self, entry):
        author = self.people[entry["author"]]
        at = self._when(entry, author.profile.time_zone)
        self.comments[entry["key"]] = actions.add_comment(
            self.page,
            by=author,
            body=entry["body"],
            kind=entry["kind"],
            version=self.page.versions.get(number=entry["on_version"]),
            reply_to=self.comments[entry["reply_to"]] if entry.get("reply_to") else None,
            quote=entry.get("quote", ""),
            suggestion=entry.get("suggestion", ""),
            seen_until=at,
            at=at,
        )

    def _take(self, entry, at):
        actions.take_suggestion(self.comments[entry["key"]], by=self.owner, at=at)

    def _settle(self, entry, at):
        settler = self.people[entry["settled_by"]]
        actions.settle_comment(self.comments[entry["key"]], by=settler, at=at)
        actions.mark_read(self.page, by=settler, until=at, at=at)
