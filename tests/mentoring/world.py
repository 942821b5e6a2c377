"""One small programme with somebody in every part, and a way to every page."""

from types import SimpleNamespace

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives, get_connection

from mentoring.demo import sent_mail
from mentoring.roles import HELPERS, LEADS
from notifications.links import choice_url
from notifications.models import Email
from pairings.actions import edit_message, move_pairing, raise_concern, send_message
from portfolios import actions
from programmes.models import Enrolment
from tests.factories import (
    CriterionFactory,
    EnrolmentFactory,
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

ROLES = ("anonymous", "mentee", "mentor", "former", "other", "stranger", "lead", "helper", "superuser")


def build(mark=str):
    """The world as a namespace: `people` by role, and the objects that addresses are made of.

    mark: what to make of every text that a person or a programme brings.
    """
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
    world.email = Email.objects.create(person=people["mentor"], bundle="pairing-1", state=Email.State.SENT)
    world.letter = _letter(people["mentee"])
    world.unconfirmed = EmailAddress.objects.create(user=people["stranger"], email="new@example.org")
    return world


def _programme(slug, mark):
    programme = ProgrammeFactory(name=mark(f"The {slug}"), slug=slug, body=mark("Institute"))
    level = LevelFactory(programme=programme, name=mark("Chartership"))
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
        portfolio=portfolio, page=page, comment=comment, pairing=pairing, offer=offer, email=email, concern=concern
    )


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
        **{f"pairings:{name}": pairing for name in ("messages", "reading", "concern")},
        **{f"pairings:{name}": message for name in ("wording", "earlier")},
        **{f"pairings:{name}": picture for name in ("file", "thumbnail", "removal")},
        "notifications:choice": {"token": choice[0], "choice": choice[1]},
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
        "pairings_mentoroffer": world.offer,
        "pairings_pairing": world.pairing,
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
        "pairings_mentoroffer": world.foreign.offer,
        "pairings_pairing": world.foreign.pairing,
        "programmes_criterion": world.elsewhere.levels.get().criteria.get(),
        "programmes_enrolment": world.foreign.portfolio.enrolment,
        "programmes_level": world.elsewhere.levels.get(),
        "programmes_programme": world.elsewhere,
    }
