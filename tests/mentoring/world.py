"""One small programme with somebody in every part, and a way to every page."""

import copy
from datetime import timedelta
from types import SimpleNamespace

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from meetings.actions import (
    add_action,
    keep_private_note,
    keep_questions,
    keep_reflection,
    offer_times,
    replace_calendar_address,
    save_note,
    share_plan,
)
from meetings.planning import Given
from meetings.starters import starters
from mentoring.demo import sent_mail
from mentoring.roles import HELPERS, LEADS
from notifications.links import choice_url
from notifications.models import Email
from pairings.actions import begin_match_run, edit_message, end_pairing, move_pairing, raise_concern, send_message
from pairings.match_runs import run_match
from pairings.models import MentorRequest
from portfolios import actions
from programmes.actions import apply
from programmes.links import digest_of
from programmes.models import AgreementQuestion, CompletionQuestion, Enrolment, Wording
from tests.factories import (
    CriterionFactory,
    EnrolmentFactory,
    InvitationFactory,
    LevelFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    ProgrammeFactory,
    make_page,
    make_picture,
    make_portfolio,
    share,
)
from tests.files.making import make_photo
from tests.meetings.making import make_meeting
from tests.mentoring.lists import bring_lists
from tests.mentoring.lives import live_on
from tests.snapshot import Snapshot

SECRET = "open-sesame"  # of the world's invitation
ROLES = ("anonymous", "mentee", "mentor", "former", "other", "stranger", "lead", "helper", "superuser")
# For so long a world is put back instead of built again: nothing in it may meanwhile have come to be due.
FRESH = timedelta(minutes=1)
_built = {}


def build(mark=str, then=None):
    """The world as a namespace: `people` by role, and the objects that addresses are made of.

    mark: what to make of every text that a person or a programme brings; `then(world)`: what happens next.
    """
    built = _built.get((mark, then))
    if built and timedelta() <= timezone.now() - built.at < FRESH:
        built.rows.put_back()
    else:
        at, world = timezone.now(), _build(mark)
        if then:
            then(world)
        built = _built[mark, then] = SimpleNamespace(at=at, world=world, rows=Snapshot())
    world = copy.deepcopy(built.world)
    world.letter = _letter(world.people["mentee"])
    return world


def _build(mark):
    world = SimpleNamespace(mark=mark)
    world.programme = _programme("chartership", mark)
    world.elsewhere = _programme("fellowship", mark)
    names = {
        "mentee": "Amina Okafor", "mentor": "Ruth Lindqvist", "former": "Odette Laurent", "other": "Gwen Price",
        "stranger": "Hana Sato", "lead": "Marguerite Fell", "helper": "Sunil Dass", "superuser": "Ines Root",
        "theirs": "Priya Nair", "foreign": "Callum Reid",
    }  # fmt: skip
    world.people = {role: _person(role, name, mark) for role, name in names.items()}
    people = world.people
    _staff(people)
    world.offer = _mentor(world.programme, people["mentor"])
    for role in ("former", "other"):
        _mentor(world.programme, people[role])
    for role in ("lead", "helper"):
        EnrolmentFactory(programme=world.programme, person=people[role], role=Enrolment.Role.COORDINATOR)
    world.photo = make_photo(people["mentee"])
    _what_was_written(world, mark)
    world.foreign = _foreign(world, mark)
    world.match_run = begin_match_run(world.programme, by=people["lead"], weights={})
    run_match(world.match_run.pk)
    world.email = Email.objects.create(person=people["mentor"], bundle="pairing-1", state=Email.State.SENT)
    world.invitation = _invitation(world.programme, people["lead"], SECRET)
    world.application = apply(world.programme, by=people["other"], role="mentee", words=mark("I want to learn."))
    world.meeting = make_meeting(world.pairing, where=mark("Central Library"))
    world.offered = _offered(world.pairing, mark)
    _plan(world, mark)
    world.held = make_meeting(world.pairing, starts_at=timezone.now() - timedelta(days=3), state="held")
    world.action = _note(world, mark)
    world.calendar = replace_calendar_address(by=people["mentee"])
    world.lives = live_on(world.programme, mark)
    world.lists = bring_lists(world, mark)
    world.request = _request(world.offer, people["mentee"], mark)
    world.unconfirmed = EmailAddress.objects.create(user=people["stranger"], email="new@example.org")
    return world


def _programme(slug, mark):
    programme = ProgrammeFactory(
        name=mark(f"The {slug}"), slug=slug, body=mark("Institute"), summary=mark("A year."), takes_applications=True
    )
    level = LevelFactory(programme=programme, name=mark("Chartership"))
    AgreementQuestion.objects.create(programme=programme, text=mark("How often?"))
    CompletionQuestion.objects.create(programme=programme, text=mark("What will you remember?"))
    Wording.objects.create(programme=programme, kind="ending", words=mark("Thank you."))
    CriterionFactory(level=level, number=1, name=mark("Your own practice"))
    return programme


def _person(role, name, mark):
    person = PersonFactory(name=mark(name), known_as=mark(name.split()[0]), email=f"{role}@example.org")
    person.profile.job_title, person.profile.place = mark("Librarian"), mark("Leeds")
    person.profile.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _staff(people):
    for role, group in (("lead", LEADS), ("helper", HELPERS)):
        people[role].is_staff = True
        people[role].save()
        people[role].groups.add(Group.objects.get(name=group))
    people["superuser"].is_staff = people["superuser"].is_superuser = True
    people["superuser"].save()


def _mentor(programme, person):
    enrolment = EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.MENTOR)
    return MentorOfferFactory(enrolment=enrolment)


def _what_was_written(world, mark):
    people, programme = world.people, world.programme
    world.portfolio = make_portfolio(people["mentee"], programme)
    before = PairingFactory(programme=programme, mentee=people["mentee"], mentor=people["former"])
    world.page = make_page(world.portfolio, title=mark("Usage review"), body=_text(mark, "In March I asked."))
    move_pairing(before, "ended", by=people["lead"])
    world.pairing = PairingFactory(programme=programme, mentee=people["mentee"], mentor=people["mentor"])
    actions.mark_read(world.page, by=people["mentor"], until=world.page.latest.shared_at)
    share(world.page, _text(mark, "In April I asked."), note=mark("The month."))
    world.page.draft.body = _text(mark, "In May I asked.")
    world.page.draft.save()
    world.comment = actions.add_comment(
        world.page,
        by=people["mentor"],
        kind="question",
        body=mark("Who did you ask?"),
        quote=mark("April"),
    )
    actions.edit_comment(world.comment, by=people["mentor"], body=mark("Whom did you ask?"))
    world.suggestion = actions.add_comment(
        world.page, by=people["mentor"], quote=mark("asked."), suggestion=mark("inquired.")
    )
    _what_they_wrote_to_each_other(world, mark)
    theirs = make_portfolio(people["theirs"], programme)
    PairingFactory(programme=programme, mentee=people["theirs"], mentor=people["other"])
    make_page(theirs, title=mark("Another page"), body=_text(mark, "Hers."))


def _what_they_wrote_to_each_other(world, mark):
    mentee, mentor = world.people["mentee"], world.people["mentor"]
    world.message = send_message(world.pairing, by=mentor, body=mark("Good luck."))
    edit_message(world.message, by=mentor, body=mark("Good luck tomorrow."))
    world.picture = make_picture(mentor)
    world.picture.name = mark("card")
    world.picture.save()
    world.with_picture = send_message(world.pairing, by=mentor, body="", files=[world.picture])
    send_message(world.pairing, by=mentee, body=mark("Thank you."))
    world.concern = raise_concern(world.pairing, by=mentee, reason=mark("It is not easy."))


def _text(mark, words):
    """A paragraph in which each word is marked on its own, as a comparison takes them apart."""
    return f"<p>{' '.join(mark(word) for word in words.split())}</p>"


def _foreign(world, mark):
    """A page, a pairing and the rest in the other programme, where the stranger takes part."""
    portfolio = make_portfolio(world.people["stranger"], world.elsewhere)
    offer = _mentor(world.elsewhere, world.people["foreign"])
    pairing = PairingFactory(programme=world.elsewhere, mentee=world.people["stranger"], mentor=world.people["foreign"])
    page = make_page(portfolio, title=mark("Far away"), body=_text(mark, "Somewhere else."))
    comment = actions.add_comment(page, by=world.people["foreign"], body=mark("I see."))
    email = Email.objects.create(person=world.people["foreign"], bundle="pairing-2", state=Email.State.SENT)
    concern = raise_concern(pairing, by=world.people["stranger"], reason=mark("He never answers."))
    return SimpleNamespace(
        portfolio=portfolio,
        page=page,
        comment=comment,
        pairing=pairing,
        offer=offer,
        email=email,
        concern=concern,
        request=_request(offer, world.people["stranger"], mark),
        end_reason=_ended_elsewhere(world, mark),
        invitation=_invitation(world.elsewhere, world.people["superuser"], "another-secret"),
        application=apply(world.elsewhere, by=world.people["foreign"], role="mentee", words=mark("Me, too.")),
    )


def _request(offer, mentee, mark):
    """Still open, whatever came of the two since: its pages show most then."""
    words = {name: mark("I hope so.") for name in ("why_you", "hopes", "how_we_work")}
    who = {"programme": offer.enrolment.programme, "mentee": mentee, "mentor": offer.enrolment.person, "offer": offer}
    return MentorRequest.objects.create(slug=f"request-{mentee.pk}", **who, **words)


def _ended_elsewhere(world, mark):
    pairing = PairingFactory(programme=world.elsewhere)
    end_pairing(pairing, by=pairing.mentee, why="time", words=mark("No time."))
    return pairing.end_reason


def _invitation(programme, by, secret):
    """One that is open; nobody was emailed."""
    return InvitationFactory(programme=programme, invited_by=by, digest=digest_of(secret))


def _plan(world, mark):
    """Questions in the words of the team and of the mentor, and what the mentee answered."""
    mine, talk, confident = starters()[0], starters()[2], starters()[4]
    mine.text, talk.text = mark("How was it?"), mark("What is on your mind?")
    keep_questions(world.programme, by=world.people["lead"], questions=[mine, talk, confident], expected_number=0)
    keep_questions(world.pairing, by=world.people["mentor"], questions=[talk, mine, confident], expected_number=0)
    answers = {talk.key: Given(mark("A talk I put off.")), confident.key: Given(scale=2)}
    share_plan(world.meeting, by=world.people["mentee"], answers=answers, expected_number=0)


def _note(world, mark):
    """What the mentor wrote of the meeting that was held, what each jotted down and learnt, and an action beside it."""
    mentee, mentor = world.people["mentee"], world.people["mentor"]
    line = {"key": None, "person": mentee.pk, "what": mark("Draft the page."), "by": None, "likely": 8}
    words = {
        "form": "grow",
        "lines": "",
        **{name: mark(f"The {name}.") for name in ("goal", "reality", "will")},
        "options": [{"what": mark("Ask."), "for": mark("Quick."), "against": mark("Hard.")}],
        "will_do": [line],
        "confidence": 4,
    }
    save_note(world.held, by=mentor, words=words, expected_number=0)
    for person in (mentee, mentor):
        keep_private_note(world.held, by=person, words=mark("To myself."))
        said = {name: mark(f"The {name}.") for name in ("what", "so_what", "now_what")}
        criterion = world.programme.levels.get().criteria.get()
        shared = {"is_shared": person == mentor, "criterion": criterion, "minutes": 90}
        keep_reflection(world.held, by=person, **said, **shared)
    return add_action(world.pairing, by=mentee, person=mentor, words=mark("Send the list."))


def _offered(pairing, mark):
    """Times of which the mentor is to choose one."""
    soon = timezone.now() + timedelta(days=20)
    return offer_times(pairing, by=pairing.mentee, times=[soon], how="in_person", where=mark("Reading Room"))


def _letter(person):
    """The name in the demo's outbox of an email that went out."""
    message = EmailMultiAlternatives("⟦Subject⟧", "⟦Words⟧", to=[person.email])
    message.attach_alternative("<p>⟦Words⟧</p>", "text/html")
    get_connection("django.core.mail.backends.filebased.EmailBackend").send_messages([message])
    return sent_mail.sent()[0].name


def addresses(world):
    """Route → the arguments of its address; a route without arguments is not among them."""
    portfolio = {"portfolio_slug": world.portfolio.slug}
    page = {**portfolio, "page_slug": world.page.slug}
    thread = {**page, "pk": world.comment.pk}
    pairing = {"pairing_slug": world.pairing.slug}
    meeting = {**pairing, "meeting_slug": world.meeting.slug}
    offered = {**pairing, "meeting_slug": world.offered.slug}
    held = {**pairing, "meeting_slug": world.held.slug}
    action = {**pairing, "key": world.action.key}
    message = {**pairing, "number": world.message.number}
    picture = {**pairing, "number": world.with_picture.number, "uuid": world.picture.uuid}
    choice = choice_url(world.people["mentor"], ["portfolio"], "weekly", world.email).split("/")[-3:]
    found = {
        "account_confirm_email": {"key": EmailConfirmationHMAC(world.unconfirmed).key},
        "account_reset_password_from_key": {
            "uidb36": user_pk_to_url_str(world.people["theirs"]),
            "key": default_token_generator.make_token(world.people["theirs"]),
        },
        "draft": {"key": "page-1-comment"},
        "pairings:photo_of": {"uuid": world.photo.uuid},
        "portfolios:portfolio": portfolio,
        "portfolios:new_page": portfolio,
        "portfolios:order": portfolio,
        **{f"portfolios:{name}": page for name in ("place", "title", "away")},
        **{f"portfolios:{name}": page for name in ("page", "changes", "edit", "draft", "share")},
        **{f"portfolios:{name}": page for name in ("reading", "comments", "versions")},
        "portfolios:version": {**page, "number": 1},
        **{f"portfolios:{name}": thread for name in ("replies", "settlement", "wording", "earlier")},
        "portfolios:decision": {**page, "pk": world.suggestion.pk},
        "pairing": pairing,
        "admin:board_mentors": {"pk": world.portfolio.enrolment.pk},
        "admin:board_reminder": {"pk": world.request.pk},
        "admin:board_note": {"pk": world.pairing.pk},
        "admin:board_another_mentor": {"pk": world.pairing.pk},
        **{f"pairings:{name}": pairing for name in ("messages", "reading", "concern")},
        **{f"pairings:{name}": pairing for name in ("agreement", "agreement_tick", "pause", "hand_over", "looked_at")},
        **{f"pairings:{name}": pairing for name in ("end", "completion", "thanks", "certificate")},
        "meetings:new": pairing,
        **{f"meetings:{name}": meeting for name in ("meeting", "move", "place", "call_off")},
        **{f"meetings:{name}": meeting for name in ("did_not_happen", "meeting_reading")},
        **{f"meetings:{name}": offered for name in ("choose", "other_times")},
        "meetings:feed": {"secret": world.calendar.secret, "slug": "mentoring"},
        **{f"meetings:{name}": meeting for name in ("invite",)},
        **{f"meetings:{name}": meeting for name in ("plan", "plan_reading")},
        "meetings:questions": pairing,
        **{f"meetings:{name}": held for name in ("note", "note_agree", "note_reading", "jotter", "learnt")},
        "meetings:actions": pairing,
        **{f"meetings:action_{name}": action for name in ("done", "open", "day", "dropped")},
        "prepare": meeting,
        "confidence": pairing,
        "pairings:hand_over_answer": {"pairing_slug": world.lives.asked.slug},
        **{
            f"admin:match_{name}": {"pk": world.match_run.pk}
            for name in ("run", "stop", "propose", "skip", "choose", "again", "all")
        },
        **{f"admin:import{name}": {"pk": world.lists.import_.pk} for name in ("", "_problems")},
        **{f"admin:import_{name}": {"pk": world.lists.import_.pk} for name in ("start", "check", "stop", "undo")},
        **{f"admin:export{name}": {"pk": world.lists.export.pk} for name in ("", "_file", "_stop")},
        **{f"pairings:{name}": message for name in ("wording", "earlier")},
        **{f"pairings:{name}": picture for name in ("file", "thumbnail", "removal")},
        **{f"pairings:{name}": {"slug": f"mentor-{world.offer.pk}"} for name in ("mentor", "ask", "wish")},
        **{
            f"pairings:{name}": {"slug": world.request.slug} for name in ("request", "acceptance", "refusal", "say_yes")
        },
        **{f"pairings:{name}": {"slug": world.request.slug} for name in ("withdrawal", "request_reading")},
        "notifications:choice": {"token": choice[0], "choice": choice[1]},
        "programmes:invitation": {"secret": SECRET},
        **{
            f"programmes:{name}": {"programme_slug": world.programme.slug}
            for name in ("programme", "ask", "withdrawal")
        },
        "demo_message": {"name": world.letter},
        "demo_message_body": {"name": world.letter},
        "demo_reply": {"name": world.letter},
        "admin:app_list": {"app_label": "programmes"},
    }
    for model, thing in administered(world).items():
        for part in ("history", "delete", "change"):
            found[f"admin:{model}_{part}"] = {"object_id": thing.pk}
    return found


def administered(world):
    """An object of every model in the admin that the lead looks after."""
    return {
        "accounts_user": world.people["mentee"],
        "notifications_email": world.email,
        "pairings_concern": world.concern,
        "pairings_endreason": world.lives.ended.end_reason,
        "pairings_mentoroffer": world.offer,
        "pairings_mentorrequest": world.request,
        "pairings_pairing": world.pairing,
        "programmes_agreementquestion": world.programme.agreement_questions.get(),
        "programmes_act": world.lists.act,
        "programmes_application": world.application,
        "programmes_completionquestion": world.programme.completion_questions.get(),
        "programmes_invitation": world.invitation,
        "programmes_wording": world.programme.wordings.get(),
        "programmes_criterion": world.programme.levels.get().criteria.get(),
        "programmes_enrolment": world.portfolio.enrolment,
        "programmes_level": world.programme.levels.get(),
        "programmes_programme": world.programme,
    }


def out_of_reach(world):
    """The same of the other programme, which the lead has nothing to do with."""
    return {
        "accounts_user": world.people["stranger"],
        "notifications_email": world.foreign.email,
        "pairings_concern": world.foreign.concern,
        "pairings_endreason": world.foreign.end_reason,
        "pairings_mentoroffer": world.foreign.offer,
        "pairings_mentorrequest": world.foreign.request,
        "pairings_pairing": world.foreign.pairing,
        "programmes_act": world.lists.foreign_act,
        "programmes_agreementquestion": world.elsewhere.agreement_questions.get(),
        "programmes_application": world.foreign.application,
        "programmes_completionquestion": world.elsewhere.completion_questions.get(),
        "programmes_invitation": world.foreign.invitation,
        "programmes_wording": world.elsewhere.wordings.get(),
        "programmes_criterion": world.elsewhere.levels.get().criteria.get(),
        "programmes_enrolment": world.foreign.portfolio.enrolment,
        "programmes_level": world.elsewhere.levels.get(),
        "programmes_programme": world.elsewhere,
    }
