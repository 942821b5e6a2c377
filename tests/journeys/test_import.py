"""Somebody who runs a programme brings in a list, sees what is wrong with three of its rows, and takes it back."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from mentoring.demo import story
from mentoring.exports.making import make
from mentoring.imports.working import work_on
from programmes.models import Export, Import
from tests.journeys.tours import RULES

pytestmark = pytest.mark.django_db(transaction=True)
LIST = str(story.FOLDER / "members.csv")
PROBLEMS = [
    "‘31/02/2027’ is not a date. Write it as 2027-02-28.",
    "‘Publick’ is not one of your sectors.",
    "This address stands in row 12 already. Keep one of the two.",
]


def looks_right(page, width=None):
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [f"{each['id']} {node['html'][:200]}" for each in violations for node in each["nodes"]] == []
    if width:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def facts(page):
    return dict(
        zip(page.locator(".facts dt").all_inner_texts(), page.locator(".facts dd").all_inner_texts(), strict=True)
    )


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_list_is_checked_imported_and_undone(northmere, browser, site, sign_in, has_scripts):
    context = browser.new_context(java_script_enabled=has_scripts)
    page = context.new_page()
    before = User.objects.count()
    sign_in(page, "marguerite")

    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Bring in members").first.click()
    page.get_by_label("List of members").set_input_files(LIST)
    page.get_by_role("button", name="Check the list").click()

    assert facts(page) == {"New": "35", "Changed": "2", "With problems": "3"}
    for problem in PROBLEMS:
        page.get_by_text(problem).wait_for()
    assert page.get_by_text("Library assistant").first.is_visible()
    assert User.objects.count() == before

    page.get_by_role("button", name="Import 37 rows").click()
    page.get_by_role("button", name="Cancel").wait_for()
    found = Import.objects.get()
    work_on(found.pk)
    page.get_by_role("link", name="See how far it is").click()
    page.get_by_role("button", name="Undo this import").wait_for()
    assert facts(page) == {"Added": "35", "Changed": "2", "With problems": "3"}
    assert User.objects.count() == before + 35

    page.get_by_role("button", name="Undo this import").click()
    work_on(found.pk)
    page.goto(f"{site}/admin/programme/imports/{found.pk}/")
    assert facts(page) == {"Added": "0", "Changed": "0", "Undone": "37", "With problems": "3"}
    assert User.objects.count() == before
    context.close()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_lists_that_come_and_go_can_be_read_by_everybody(northmere, browser, site, sign_in, width, color_scheme):
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=color_scheme)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    sign_in(page, "marguerite")

    page.goto(f"{site}/admin/programme/imports/")
    page.get_by_text("Which columns?").click()
    looks_right(page, width)
    page.get_by_label("List of members").set_input_files(LIST)
    page.get_by_role("button", name="Check the list").click()
    page.get_by_text("See the 35 new ones").click()
    looks_right(page, width)
    page.get_by_role("button", name="Import 37 rows").click()
    page.get_by_role("button", name="Cancel").wait_for()
    looks_right(page, width)
    work_on(Import.objects.get().pk)
    page.get_by_role("button", name="Undo this import").wait_for()
    looks_right(page, width)
    page.goto(f"{site}/admin/programme/exports/")
    page.get_by_label("Members").check()
    looks_right(page, width)
    page.get_by_role("button", name="Make the list").click()
    page.get_by_role("button", name="Cancel").wait_for()
    make(Export.objects.get().pk)
    page.get_by_role("link", name="Download").wait_for()
    looks_right(page, width)
    page.goto(f"{site}/admin/programmes/act/")
    looks_right(page)
    assert said == []
    context.close()
