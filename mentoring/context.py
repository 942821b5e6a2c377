"""What every page needs of the person who looks at it: the main navigation, and how many things are new."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import SimpleLazyObject

from accounts.compiled import Compiled, Given
from accounts.models import User
from mentoring.demo.accounts import ACCOUNTS
from mentoring.navigation import navigation
from notifications.models import Notification
from pairings.models import Pairing
from programmes.models import Enrolment


class Facts(NamedTuple):
    """`new_count` counts subject matters: a page with five new comments is one."""

    has_portfolio: bool
    has_mentees: bool
    has_messages: bool
    looks_for_mentor: bool
    new_count: int


def shell(request):
    """One SQL statement, and only when a template asks; none for a view that puts `Facts` on its request."""
    context = {"site_name": settings.SITE_NAME, "demo": settings.DEMO}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        if settings.DEMO:
            context["demo_accounts"] = ACCOUNTS
        return context
    facts = getattr(request, "facts", None) or SimpleLazyObject(lambda: _facts(person=user.pk)[0])
    return context | {
        "theme": user.profile.theme,
        "letters": user.profile.letters,
        "nav": SimpleLazyObject(lambda: navigation(request, facts)),
        "new_count": SimpleLazyObject(lambda: facts.new_count),
        "avatar_role": SimpleLazyObject(lambda: "mentor" if facts.has_mentees else "mentee"),
    }


def _make_facts():
    unseen = Notification.objects.unseen().filter(person=OuterRef("pk")).order_by().values("person")
    threads = unseen.annotate(count=Count("event__thread", distinct=True)).values("count")
    return User.objects.filter(pk=Given("person")).values(
        has_portfolio=Exists(Enrolment.objects.filter(person=OuterRef("pk"), role=Enrolment.Role.MENTEE)),
        has_mentees=Exists(Pairing.objects.filter(mentor=OuterRef("pk"))),
        has_messages=Exists(Pairing.objects.visible_to(OuterRef("pk"))),
        looks_for_mentor=Exists(
            Enrolment.objects.current()
            .filter(person=OuterRef("pk"), role=Enrolment.Role.MENTEE)
            .exclude(Exists(Pairing.objects.live().filter(mentee=OuterRef("person"), programme=OuterRef("programme"))))
        ),
        new_count=Coalesce(Subquery(threads, output_field=IntegerField()), 0),
    )


_facts = Compiled(_make_facts)
