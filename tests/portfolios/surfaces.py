"""Every place where a pair can put words, and every place where their words are shown to somebody."""

from django.core import mail
from django.core.mail import get_connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Draft
from mentoring.demo import sent_mail
from notifications import delivery
from notifications.models import Email, Notification
from portfolios.models import Comment
from tests.factories import CriterionFactory, LevelFactory, PersonFactory


def write(pair, words, body):
    """Put `words` everywhere where somebody can put words, by raw posts where there is a form for them, and `body`
    where rich text goes."""
    level = LevelFactory(programme=pair.pairing.programme, name=f"{words[:70]} {pair.page.pk}", summary=words)
    criterion = CriterionFactory(level=level, number=1, name=words[:120], plain=words, official=words)
    for person in (pair.mentee, pair.mentor):
        person.name, person.known_as = words[:150], words[:60]
        person.save()
        for field, length in (("about", 500), ("job_title", 120), ("employer", 120), ("sector", 80), ("place", 80)):
            setattr(person.profile, field, words[:length])
        person.profile.save()
    programme, enrolment = pair.pairing.programme, pair.portfolio.enrolment
    programme.name, programme.body, enrolment.level = words[:120], words[:150], level
    programme.save()
    enrolment.save()
    mentee, mentor, url = browser(pair.mentee), browser(pair.mentor), pair.page.get_absolute_url()
    draft = {"title": words[:200], "body": f"{body}<p>Words</p>", "criteria": criterion.pk, "saves": 1}
    assert mentor.post(f"{url}reading/", {"seen_until": timezone.now().isoformat()}).status_code == 302
    assert mentee.post(f"{url}draft/", draft).status_code == 200
    assert mentee.post(f"{url}share/", {"note": words[:300]}).status_code == 302
    assert mentor.post(f"{url}comments/", {"kind": "question", "body": words}).status_code == 302
    comment = Comment.objects.get()
    talk = f"{url}comments/{comment.pk}/"
    assert mentee.post(f"{talk}replies/", {"body": words}).status_code == 302
    assert mentor.post(f"{talk}wording/", {"body": f"{words}!"}).status_code == 302
    first_words = {"version": 1, "start": 0, "end": 8}
    suggestion = {"kind": "idea", "suggestion": f"{words}!", **first_words}
    assert mentor.post(f"{url}comments/", suggestion).status_code == 302
    Draft.objects.create(person=pair.mentor, key=f"page-{pair.page.pk}-comment", fields={"body": words})
    assert mentee.post(f"{url}edit/", draft | {"body": f"<p>More</p>{body}", "saves": 2}).status_code == 302
    pair.page.refresh_from_db()


def browser(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    return client


def shown(pair):
    """{place: HTML} of all places where the words of the pair are shown to somebody."""
    mentee, mentor, url = browser(pair.mentee), browser(pair.mentor), pair.page.get_absolute_url()
    talk = f"{url}comments/{Comment.objects.order_by('pk').first().pk}/"
    root = PersonFactory(is_staff=True, is_superuser=True)
    admin = browser(root)
    stale = {"title": "Other", "body": "<p>Other</p>", "saves": 0}
    places = {}
    for name, reader in (("mentee", mentee), ("mentor", mentor)):
        for path in ("/home/", "/mentees/", pair.portfolio.get_absolute_url(), url, f"{url}changes/?since=1"):
            places[name, path] = reader.get(path)
        for path in ("/new/", f"{url}versions/", f"{url}versions/1/", f"{url}comments/", f"{talk}replies/"):
            places[name, path] = reader.get(path)
        places[name, "on words"] = reader.get(f"{url}comments/?version=1&start=0&end=8")
        places[name, "earlier"] = reader.get(f"{talk}earlier/")
    places["wording"] = mentor.get(f"{talk}wording/")
    places |= {path: mentee.get(path) for path in (f"{url}edit/", f"{url}share/")}
    places |= {f"stale {part}": mentee.post(f"{url}{part}/", stale) for part in ("edit", "draft")}
    places["mending"] = mentor.post(f"{url}comments/", {"kind": "question", "body": ""})
    for model, thing in (
        ("accounts_user", pair.mentee),
        ("pairings_pairing", pair.pairing),
        ("programmes_programme", pair.pairing.programme),
        ("programmes_level", pair.portfolio.enrolment.level),
        ("programmes_criterion", pair.portfolio.enrolment.level.criteria.get()),
        ("programmes_enrolment", pair.portfolio.enrolment),
    ):
        places[f"{model} list"] = admin.get(reverse(f"admin:{model}_changelist"))
        places[f"{model} change"] = admin.get(reverse(f"admin:{model}_change", args=[thing.pk]))
    places |= emails(mentor)
    return {place: answer.content.decode() for place, answer in places.items()}


def emails(reader):
    """The emails about it all, and how the demo's outbox shows them."""
    Notification.objects.filter(seen_at=None).update(due_at=timezone.now())
    with override_settings(NOTICE_BUNDLE_MINUTES=0):  # whatever the hour
        delivery.deliver_due()
    assert set(Email.objects.values_list("state", "reason")) == {("sent", "")}
    get_connection("django.core.mail.backends.filebased.EmailBackend").send_messages(mail.outbox)
    names = [sent.name for sent in sent_mail.sent()]
    places = {f"email {name}": reader.get(f"/demo/outbox/{name}/body/") for name in names}
    places |= {f"demo {name}": reader.get(f"/demo/outbox/{name}/") for name in names}
    return places | {"demo": reader.get("/demo/outbox/")}
