"""Somebody who is welcomed, and what their pages say."""

from lxml import html

from programmes.models import Enrolment

Role = Enrolment.Role

ABOUT = {
    "known_as": "Hana",
    "job_title": "School librarian",
    "employer": "Taffside High School",
    "place": "Cardiff",
    "meets_by": ["video", "phone"],
    "line_manager": "Elin Pugh",
    "about": "I am the whole library.",
}


def part_of(person, role=Role.MENTEE):
    return person.enrolments.get(role=role)


def about(programme, **changes):
    listed = {"sector": programme.sectors.first().pk, "region": programme.regions.first().pk}
    return {**ABOUT, **listed, **changes}


def page(response):
    return html.fromstring(response.content.decode())


def words(response):
    return " ".join(page(response).xpath("//main")[0].text_content().split())


def steps(response):
    return [
        " ".join(row.text_content().split())
        for row in page(response).xpath("//ol[contains(@class, 'welcome-steps')]/li")
    ]


def filled(response):
    return [
        " ".join(each.text_content().split()) for each in page(response).xpath("//*[contains(@class, 'btn-primary')]")
    ]


def errors(response):
    return [each.text_content() for each in page(response).xpath("//div[@class='errsum']//li")]


def all_said(person, programme, browser):
    browser.post("/welcome/you/", about(programme))
    browser.post(
        "/welcome/role/", {"can_help": "Anybody.", "how_i_work": "Kindly.", "holds": [programme.levels.last().pk]}
    )
    browser.post("/welcome/places/", {"capacity": "2", "meets_by": ["video", "phone"]})


def strip(response):
    return [
        " ".join(each.text_content().split())
        for each in page(response).xpath("//main//div[contains(@class, 'strip-new')]")
    ]
