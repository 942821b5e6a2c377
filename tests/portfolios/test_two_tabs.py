"""Two tabs of one writer, a hundred times in every order: nothing is overwritten that the writer has not seen."""

import random

import pytest
from lxml import html

from accounts.models import Draft
from portfolios.models import PageDraft
from portfolios.richtext import text


class Tab:
    """A window with words in it, and the counter that it knows. `seen` are the texts that its writer was shown."""

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.words, self.saves, self.seen = place.stored(), place.counter(), {place.stored()}

    def type(self, number):
        self.words = f"{self.words} {self.name}{number}".strip()

    def save(self):
        """Returns the status and, for a clash, the counter with which the other text may be overwritten knowingly."""
        before = self.place.stored()
        status, page = self.place.post(self.words, self.saves)
        if status == 200:
            assert before in self.seen or before == self.words
            self.saves = int(page.xpath("//*[@data-saves]/@data-saves")[0])
            self.seen = {self.words}
            return status, None
        assert self.place.stored() == before
        assert before in "\n".join(page.xpath("//section")[1].itertext())
        assert self.words in "\n".join(page.xpath("//section")[0].itertext())
        self.seen.add(before)
        return status, int(page.xpath("//*[@data-mine]/@value")[0])


class Editor:
    """The page editor."""

    def __init__(self, browser, page):
        self.browser, self.page = browser, page

    def stored(self):
        return text(PageDraft.objects.get(page=self.page).body)

    def counter(self):
        return PageDraft.objects.get(page=self.page).saves

    def post(self, words, saves):
        data = {"title": "Usage review", "body": f"<p>{words}</p>", "saves": saves}
        return answer(self.browser.post(f"{self.page.get_absolute_url()}draft/", data))


class Comment:
    """The draft of a comment."""

    def __init__(self, browser, page):
        self.browser, self.key = browser, f"page-{page.pk}-comment"

    def stored(self):
        return Draft.objects.filter(key=self.key).values_list("fields__body", flat=True).first() or ""

    def counter(self):
        return Draft.objects.filter(key=self.key).values_list("saves", flat=True).first() or 0

    def post(self, words, saves):
        return answer(self.browser.post(f"/drafts/{self.key}/", {"body": words, "draft_saves": saves}))


def answer(response):
    return response.status_code, html.fromstring(f"<div>{response.content.decode()}</div>")


@pytest.mark.parametrize("kind", [Editor, Comment])
def test_two_tabs_never_overwrite_what_their_writer_has_not_seen(pair, signed_in, kind):
    place = kind(signed_in(pair.mentee), pair.page)
    clashes = 0

    for trial in range(100):
        chance = random.Random(trial)
        tabs = [Tab(place, "a"), Tab(place, "b")]
        for number in range(4):
            tab = chance.choice(tabs)
            tab.type(number)
            status, over = tab.save()
            if status == 409:
                clashes += 1
                if chance.random() < 0.5:
                    tab.saves = over  # “Keep mine”
                    assert tab.save() == (200, None)
                else:
                    tabs[tabs.index(tab)] = Tab(place, tab.name)  # “Take the other”

    assert clashes > 50


def test_a_line_for_the_mentor_is_kept_when_the_page_was_edited_in_another_window(pair, signed_in):
    browser, url = signed_in(pair.mentee), pair.page.get_absolute_url()
    Editor(browser, pair.page).post("Other words", pair.page.draft.saves)

    stale = browser.post(f"{url}share/", {"saves": pair.page.draft.saves, "note": "The end."})
    form = html.fromstring(stale.content).xpath("//main//form")[0]
    again = browser.post(f"{url}share/", dict(form.fields))

    assert (stale.status_code, form.fields["note"]) == (409, "The end.")
    assert again["Location"] == url
    assert pair.page.versions.get(number=2).note == "The end."
