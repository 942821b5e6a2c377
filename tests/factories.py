"""Minimal, unsurprising objects. States in words: PairingFactory(ended=True)."""

from datetime import timedelta
from io import BytesIO

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import Profile, User
from files.actions import store
from files.kinds import ATTACHMENT
from pairings.models import MentorOffer, Pairing
from portfolios import actions
from programmes.links import digest_of
from programmes.models import Criterion, Enrolment, Invitation, Level, Programme


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person Number{n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    profile = factory.RelatedFactory("tests.factories.ProfileFactory", factory_related_name="user")


class ProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Profile

    time_zone = "Europe/London"


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")
    body = "Institute"


class LevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Level

    programme = factory.SubFactory(ProgrammeFactory)
    name = "Chartership"


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    level = factory.SubFactory(LevelFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Criterion {n}")


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    programme = factory.SubFactory(ProgrammeFactory)
    person = factory.SubFactory(PersonFactory)
    role = Enrolment.Role.MENTEE


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    programme = factory.SubFactory(ProgrammeFactory)
    invited_by = factory.SubFactory(PersonFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    digest = factory.Sequence(lambda n: digest_of(f"secret-{n}"))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class MentorOfferFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MentorOffer

    enrolment = factory.SubFactory(EnrolmentFactory, role=Enrolment.Role.MENTOR)
    capacity = 1


class PairingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pairing

    class Params:
        ended = factory.Trait(
            state="ended",
            ended_at=factory.LazyFunction(timezone.now),
            reads_until=factory.SelfAttribute("ended_at"),
        )

    programme = factory.SubFactory(ProgrammeFactory)
    mentee = factory.SubFactory(PersonFactory)
    mentor = factory.SubFactory(PersonFactory)
    slug = factory.Sequence(lambda n: f"pair-{n}")
    state = "active"


def make_picture(owner, name="card.jpg"):
    """A picture that came as somebody's attachment."""
    content = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(content, "JPEG")
    return store(ContentFile(content.getvalue(), name), owner=owner, kind=ATTACHMENT)


def make_portfolio(mentee=None, programme=None):
    """A mentee's enrolment with its portfolio, opened by the real action."""
    enrolment = EnrolmentFactory(
        **({"person": mentee} if mentee else {}), **({"programme": programme} if programme else {})
    )
    return actions.open_portfolio(enrolment, by=enrolment.person)


def make_page(portfolio, title="Usage review", body=None, at=None):
    """A page; shared once when `body` is given."""
    page = actions.add_page(portfolio, title=title, by=portfolio.owner, at=at)
    if body is not None:
        share(page, body, at=at)
    return page


def share(page, body, *, title=None, note="", at=None):
    """Write `body` into the draft and share it. Returns the version (None when nothing changed)."""
    page.refresh_from_db()
    draft = page.draft
    draft.refresh_from_db()
    actions.save_draft(
        page,
        title=title or draft.title,
        body=body,
        criteria=draft.criteria.all(),
        saves=draft.saves,
        by=page.owner,
        at=at,
    )
    version = actions.share_update(page, by=page.owner, note=note, at=at)
    page.refresh_from_db()
    return version
