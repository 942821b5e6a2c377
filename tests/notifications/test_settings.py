"""The settings of emails: what can be chosen, what is wrong with an answer, and what the choices would have meant."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from lxml import html

from notifications.actions import mute, set_preferences
from notifications.bounces import stop_address
from notifications.models import Mute, Notification, Preference
from pairings.actions import move_pairing
from portfolios import actions
from tests.factories import PairingFactory, PersonFactory, make_page

URL = "/settings/emails/"
AS_IT_IS = {
    "portfolio": "bundled",
    "messages": "now",
    "meetings": "bundled",
    "quiet_from": "18:00",
    "quiet_until": "08:00",
    "quiet_weekends": "on",
    "words_in_emails": "on",
    "paused_until": "",
}


def tomorrow(days=1):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def settings_page(pair, signed_in):
    """`settings_page()` opens it as the mentor; with fields it is sent, and what comes of it is returned."""
    browser = signed_in(pair.mentor)

    def visit(fields=None, **changes):
        if fields is None and not changes:
            return html.fromstring(browser.get(URL).content.decode())
        sent = {name: value for name, value in (AS_IT_IS | (fields or {}) | changes).items() if value is not None}
        return browser.post(URL, sent)

    visit.browser = browser
    return visit


def words(element):
    return " ".join(element.text_content().split())


def forecast_in(page):
    return words(page.xpath("//*[@id='forecast']")[0])


def problems(answer):
    page = html.fromstring(answer.content.decode())
    summary = [words(item) for item in page.xpath("//*[contains(@class, 'errsum')]//li")]
    beside = [words(item) for item in page.xpath("//*[@class='field-error']/p")]
    assert answer.status_code == 422
    assert summary == beside
    return summary


def chosen(person):
    return Preference.objects.filter(person=person).values(*AS_IT_IS).get()


def test_at_first_the_page_shows_the_defaults(settings_page):
    page = settings_page()

    checked = page.xpath("//form[contains(@class, 'settings')]//input[@checked]")
    assert [(field.get("name"), field.get("value", "on")) for field in checked] == [
        ("portfolio", "bundled"),
        ("messages", "now"),
        ("meetings", "bundled"),
        ("quiet_weekends", "on"),
        ("words_in_emails", "on"),
    ]
    hours = [field.get("value") for field in page.xpath("//input[@type='time']")]
    assert (hours, page.xpath("//input[@type='date']/@value")) == (["18:00", "08:00"], [])
    assert not Preference.objects.exists()


def test_every_choice_says_what_it_means(settings_page):
    labels = [words(label) for label in settings_page().xpath("//div[contains(@class, 'choices-said')]//label")]

    assert labels == [
        "Soon At once; what follows is gathered for half an hour.",
        "Bundled What comes in one sitting is one email.",
        "Once a week One email on Monday morning.",
        "Off No emails. It waits in New for you.",
        "Soon After five minutes, unless you have read it.",
        "Bundled What comes in one sitting is one email.",
        "Once a week One email on Monday morning.",
        "Off No emails. It waits in New for you.",
        "Soon At once; what follows is gathered for half an hour.",
        "Bundled What comes in one sitting is one email; reminders come on their day.",
        "Once a week One email on Monday morning; reminders still come on their day.",
        "Off No emails, and no reminders. It waits in New for you.",
    ]


def test_everything_is_saved(pair, settings_page):
    answer = settings_page(
        portfolio="weekly",
        messages="off",
        meetings="now",
        quiet_from="22:30",
        quiet_until="06:00",
        quiet_weekends=None,
        words_in_emails=None,
        paused_until=tomorrow(10).isoformat(),
        muted=pair.pairing.bundle,
    )

    assert (answer.status_code, answer["Location"]) == (302, URL)
    assert chosen(pair.mentor) == {
        "portfolio": "weekly",
        "messages": "off",
        "meetings": "now",
        "quiet_from": time(22, 30),
        "quiet_until": time(6),
        "quiet_weekends": False,
        "words_in_emails": False,
        "paused_until": tomorrow(10),
    }
    assert list(Mute.objects.values_list("person", "bundle")) == [(pair.mentor.pk, pair.pairing.bundle)]


def test_what_waits_moves_with_the_choice(pair, settings_page):
    settings_page(portfolio="weekly")

    assert Notification.objects.filter(person=pair.mentor).values_list("told_with", flat=True).get() == "week"


def test_somebody_elses_settings_stay_as_they_are(pair, settings_page):
    set_preferences(pair.mentee, portfolio="weekly")

    settings_page(portfolio="off")

    assert chosen(pair.mentee)["portfolio"] == "weekly"


# Quiet hours


def test_without_quiet_hours_both_are_empty(pair, settings_page):
    settings_page(quiet_from="", quiet_until="")

    preference = Preference.objects.get(person=pair.mentor)
    assert preference.quiet_from == preference.quiet_until
    assert settings_page().xpath("//input[@type='time']/@value") == []


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"quiet_from": ""}, "Say when your quiet hours begin, or leave both empty"),
        ({"quiet_until": ""}, "Say when your quiet hours end, or leave both empty"),
        ({"quiet_from": "25:00"}, "Enter a time, like 18:00"),
        ({"quiet_until": "soon"}, "Enter a time, like 18:00"),
    ],
)
def test_half_of_the_quiet_hours_is_asked_for(settings_page, hours, said):
    assert problems(settings_page(hours)) == [said]
    assert not Preference.objects.exists()


# Pausing


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_pause_ends_on_a_day_to_come(settings_page, days):
    said = "Choose a day after today, or leave it empty to get emails"

    assert problems(settings_page(paused_until=tomorrow(days).isoformat())) == [said]


def test_a_pause_is_no_longer_than_a_year(settings_page):
    said = "Choose a day within a year. To stop emails for good, choose Off above"

    assert problems(settings_page(paused_until="2206-12-03")) == [said]


def test_a_day_that_does_not_exist_is_asked_for_again(settings_page):
    assert problems(settings_page(paused_until="2026-02-31")) == ["Choose a day, or leave it empty"]


def test_a_pause_is_said_and_can_be_ended_now(pair, settings_page):
    settings_page(paused_until=tomorrow(3).isoformat())
    page = settings_page()
    day = tomorrow(3)
    assert f"Your emails are paused until {day.day} {day:%B %Y}. Everything still appears in New for you." in words(
        page
    )
    [url] = page.xpath("//form[.//button[contains(., 'Start them again now')]]/@action")

    answer = settings_page.browser.post(url)

    assert answer["Location"] == URL
    assert Preference.objects.get(person=pair.mentor).paused_until is None
    assert "are paused" not in words(settings_page())


def test_a_pause_that_is_over_is_forgotten(pair, settings_page):
    set_preferences(pair.mentor, paused_until=date(2020, 1, 1))

    page = settings_page()

    assert "are paused" not in words(page)
    assert page.xpath("//input[@type='date']/@value") == []
    assert settings_page(portfolio="now").status_code == 302


# Muting


def test_living_pairings_can_be_muted_and_heard_again(pair, settings_page):
    PairingFactory(mentor=pair.mentor, mentee=PersonFactory(name="Tomasz Brandt"))
    gone = PairingFactory(mentor=pair.mentor, mentee=PersonFactory(name="Beatriz Nunes"))
    mute(pair.mentor, bundle=gone.bundle)
    move_pairing(gone, "ended", by=pair.mentor)

    labels = [words(label) for label in settings_page().xpath("//*[@id='div_id_muted']//label")]
    settings_page(muted=pair.pairing.bundle)
    ticked = settings_page().xpath("//*[@id='div_id_muted']//input[@checked]/@value")
    muted = set(Mute.objects.values_list("bundle", flat=True))
    settings_page(portfolio="now")

    assert labels == ["No emails about Tomasz", "No emails about Amina"]
    assert muted == {gone.bundle, pair.pairing.bundle}
    assert ticked == [pair.pairing.bundle]
    assert list(Mute.objects.values_list("bundle", flat=True)) == [gone.bundle]


def test_a_pairing_of_others_cannot_be_muted(settings_page):
    stranger = PairingFactory()

    assert len(problems(settings_page(muted=stranger.bundle))) == 1
    assert not Mute.objects.exists()


def test_somebody_without_pairings_is_not_asked_about_any(db, signed_in):
    page = signed_in(PersonFactory()).get(URL).content.decode()

    assert "Leave somebody out" not in page


# What it would have meant


@pytest.fixture
def month(pair):
    """Three pages were shared, on three days of the last two weeks."""
    Notification.objects.all().delete()
    for days in (12, 9, 6):
        moment = datetime.combine(tomorrow(-days), time(12), tzinfo=timezone.get_current_timezone())
        make_page(pair.portfolio, title=f"Page {days}", body="<p>Words.</p>", at=moment)
    return pair


def test_the_page_says_how_many_emails_that_makes(month, settings_page):
    set_preferences(month.mentor, quiet_weekends=False)

    assert forecast_in(settings_page()) == "With these settings you’d have had 3 emails in the last month."


def test_with_nothing_to_tell_there_are_no_emails(pair, settings_page):
    Notification.objects.all().delete()

    assert forecast_in(settings_page()) == "With these settings you’d have had no emails in the last month."


def test_asking_what_it_means_saves_nothing_and_keeps_the_choices(month, settings_page):
    answer = settings_page(portfolio="off", words_in_emails=None, forecast="1")

    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 200
    assert forecast_in(page) == "With these settings you’d have had no emails in the last month."
    assert page.xpath("//input[@name='portfolio'][@checked]/@value") == ["off"]
    assert not page.xpath("//input[@name='words_in_emails'][@checked]")
    assert len(page.xpath("//*[@autofocus]")) == 1
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"portfolio": "now"}, "With these settings you’d have had 3 emails in the last month."),
        ({"portfolio": "off"}, "With these settings you’d have had no emails in the last month."),
        ({"quiet_from": "25:00"}, "We’ll say how many emails that makes once each answer fits."),
    ],
)
def test_a_script_gets_only_what_it_means(month, settings_page, changes, said):
    changes = {"quiet_weekends": ""} | changes
    sent = {name: value for name, value in (AS_IT_IS | changes | {"forecast": "1"}).items() if value}

    answer = settings_page.browser.post(URL, sent, headers={"HX-Request": "true"})

    assert forecast_in(html.fromstring(answer.content.decode())) == said
    assert "<form" not in answer.content.decode()
    assert not Preference.objects.exists()


def test_muting_counts_at_once(month, settings_page):
    answer = settings_page(muted=month.pairing.bundle, forecast="1")

    said = "With these settings you’d have had no emails in the last month."
    assert forecast_in(html.fromstring(answer.content.decode())) == said


def test_it_is_the_same_number_of_statements_however_much_there_is(
    pair, settings_page, signed_in, django_assert_num_queries
):
    for amount in (0, 3):
        for _ in range(amount):
            PairingFactory(mentor=pair.mentor)
            page = make_page(pair.portfolio, body="<p>Words.</p>")
            actions.add_comment(page, by=pair.mentee, body="Well?")
        with django_assert_num_queries(8):
            settings_page()


# What cannot be reached


def test_an_address_that_takes_no_email_is_said(pair, settings_page):
    assert "We can’t reach you" not in words(settings_page())
    stop_address("ruth@example.org", reason="550 No such user", at=timezone.now())

    assert "We can’t reach you at ruth@example.org" in words(settings_page())
