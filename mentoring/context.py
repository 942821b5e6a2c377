"""What every page needs of the person who looks at it: the main navigation, and how many things are new."""

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring.demo.accounts import ACCOUNTS
from notifications.models import Notification
from pairings.models import Pairing
from programmes.models import Enrolment


def shell(request):
    """One SQL statement, and only when a template asks."""
    context = {"site_name": settings.SITE_NAME, "demo": settings.DEMO}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        if settings.DEMO:
            context["demo_accounts"] = ACCOUNTS
        return context
    facts = SimpleLazyObject(lambda: _facts(user))
    return context | {
        "theme": user.profile.theme,
        "letters": user.profile.letters,
        "nav": SimpleLazyObject(lambda: _navigation(request, facts)),
        "new_count": SimpleLazyObject(lambda: facts["new_count"]),
        "avatar_role": SimpleLazyObject(lambda: "mentor" if facts["has_mentees"] else "mentee"),
    }


def _facts(user):
    unseen = Notification.objects.unseen().filter(person=OuterRef("pk")).order_by().values("person")
    threads = unseen.annotate(count=Count("event__thread", distinct=True)).values("count")
    return (
        User.objects.filter(pk=user.pk)
        .values(
            has_portfolio=Exists(Enrolment.objects.filter(person=OuterRef("pk"), role=Enrolment.Role.MENTEE)),
            has_mentees=Exists(Pairing.objects.filter(mentor=OuterRef("pk"))),
            new_count=Coalesce(Subquery(threads, output_field=IntegerField()), 0),
        )
        .get()
    )


def _navigation(request, facts):
    """Entries of the main navigation. Pages of a portfolio say by `request.section` whose they are."""
    entries = [("home", _("Home"), reverse("home"), "home")]
    if facts["has_portfolio"]:
        entries.append(("portfolio", _("Portfolio"), reverse("portfolios:mine"), "book"))
    if facts["has_mentees"]:
        entries.append(("mentees", _("Mentees"), reverse("mentees"), "people"))
    if request.user.is_staff:
        entries.append(("admin", _("Programme admin"), reverse("admin:index"), "calendar"))
    here = getattr(request, "section", None)
    return [
        {"label": label, "url": url, "icon": icon, "current": key == here or request.path == url}
        for key, label, url, icon in entries
    ]
