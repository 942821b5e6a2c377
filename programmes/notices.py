"""What people are told of joining: somebody asks, for the programme team; and what the team answered."""

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.notices import Notice, Section
from programmes.models import Application

MAY_ANSWER = "programmes.change_application"
State = Application.State


def thread_of(pk) -> str:
    return f"application-{pk}"


def applications_to_tell(person, ids, pairings=None) -> list[Application]:
    """Those of the applications `ids` that `person` may answer now, and that nobody has answered yet."""
    if not (person.is_staff and person.has_perm(MAY_ANSWER)):
        return []
    waiting = Application.objects.administered_by(person).waiting().filter(pk__in=ids)
    return list(waiting.select_related("person__profile", "programme", "level"))


def answers_to_tell(person, ids, pairings=None) -> list[Application]:
    """Those of the applications `ids` that are the person's own, and answered."""
    answered = Application.objects.visible_to(person).filter(state__in=[State.APPROVED, State.DECLINED], pk__in=ids)
    return list(answered.select_related("decided_by__profile", "programme"))


def render_applications(person, applications):
    return [_application_section(application) for application in applications]


def render_answers(person, applications):
    return [_answer_section(application) for application in applications]


def _application_section(application):
    words = {"name": application.person.name, "programme": application.programme}
    return Section(
        thread=thread_of(application.pk),
        headline=_("%(name)s would like to join “%(programme)s”") % words,
        discreet=_("Somebody would like to join “%(programme)s”") % words,
        summary=_("waiting for the team’s answer"),
        count=_("somebody who asks to join"),
        url=reverse("admin:programmes_application_change", args=[application.pk]),
        button=_("Read and answer"),
        by=application.person,
        hat="",
        why=_("You get this because you look after “%(programme)s”.") % words,
        takes_replies=False,
        context=lambda: {"application": application},
    )


def _answer_section(application):
    words = {"programme": application.programme}
    is_yes = application.state == State.APPROVED
    headline = _("You are in: welcome to “%(programme)s”") if is_yes else _("About your wish to join “%(programme)s”")
    url = reverse("welcome") if is_yes else reverse("programmes:programme", args=[application.programme.slug])
    return Section(
        thread=thread_of(application.pk),
        headline=headline % words,
        discreet=headline % words,
        summary=_("the team’s answer"),
        count=_("the team’s answer"),
        url=url,
        button=_("Begin") if is_yes else _("See the answer"),
        by=application.decided_by,
        hat="",
        why=_("You get this because you asked to join “%(programme)s”.") % words,
        takes_replies=False,
        context=lambda: {"application": application, "is_yes": is_yes},
    )


APPLICATION = Notice(
    kind="programmes.application",
    group="",
    template="programmes/email/application",
    may_tell=applications_to_tell,
    render=render_applications,
)
ANSWER = Notice(
    kind="programmes.answer",
    group="",
    template="programmes/email/answer",
    may_tell=answers_to_tell,
    render=render_answers,
)
ALL = [APPLICATION, ANSWER]
