"""The people and pages whose views are measured, made by the app's own actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from bench.texts import VOCABULARY, drawn
from notifications.actions import quietly
from portfolios import actions
from portfolios.models import Comment, Page
from tests.factories import EnrolmentFactory, LevelFactory, PairingFactory, ProgrammeFactory, make_page, share

MENTEES = 3
PAGES = 6  # of each of them
_KINDS = Comment.Kind.values


@dataclass
class World:
    """A mentor with three mentees and news from each. `page` belongs to `mentee`, one of them: 600 words, shared four
    times, read by the mentor at the second, with 20 comments."""

    mentor: User
    mentee: User
    page: Page


def build() -> World:
    """Make it, in a programme of its own, so that the last news are of today. Nobody is emailed."""
    with quietly():
        return _Story().tell()


class _Story:
    def __init__(self):
        self.now = timezone.now()
        self.chance = drawn(2026)
        self.programme = ProgrammeFactory()
        self.level = LevelFactory(programme=self.programme)

    def tell(self):
        pairing = PairingFactory(programme=self.programme)
        pairings = [pairing] + [
            PairingFactory(programme=self.programme, mentor=pairing.mentor) for _ in range(1, MENTEES)
        ]
        pages = [self._pages(each) for each in pairings]
        for mine in pages:
            self._update(mine[1])
            self._ask(mine[2], pairing.mentor)
        self._discuss(pages[0][0], pairing.mentor)
        return World(pairing.mentor, pairing.mentee, pages[0][0])

    def _pages(self, pairing):
        enrolment = EnrolmentFactory(programme=self.programme, person=pairing.mentee, level=self.level)
        portfolio = actions.open_portfolio(enrolment, by=pairing.mentee, at=self._at(30))
        pages = []
        for number in range(PAGES):
            at = self._at(25 - number)
            page = make_page(portfolio, title=f"What I learned in month {number}", body=self._text(), at=at)
            actions.mark_read(page, by=pairing.mentor, until=at, at=at)
            pages.append(page)
        return pages

    def _update(self, page):
        """Shared once more since the mentor looked."""
        share(page, self._edited(page.latest.body), at=self._at(4))

    def _ask(self, page, mentor):
        """News for the mentee, whose answer is news for the mentor."""
        asked = actions.add_comment(page, by=mentor, kind="question", body=self._words(20), at=self._at(3))
        self._reply(asked, page.owner, self._at(2))

    def _discuss(self, page, mentor):
        """Versions 1 to 4, and 20 comments: 14 threads, 9 of them on quoted words, 4 settled, and 6 replies."""
        share(page, self._edited(page.latest.body), at=self._at(18))
        asked = [self._comment(page, mentor, number, self._at(16)) for number in range(10)]
        for comment in asked[:4]:
            self._reply(comment, page.owner, self._at(14))
        for comment in asked[2:6]:
            actions.settle_comment(comment, by=mentor, at=self._at(13))
        actions.mark_read(page, by=mentor, until=self._at(12), shown=2, at=self._at(12))
        share(page, self._edited(page.latest.body), at=self._at(6))
        share(page, self._moved(page.latest.body), note="The figures are in.", at=self._at(2))
        for number in range(10, 14):
            self._comment(page, page.owner, number, self._at(1))
        for comment in asked[6:8]:
            self._reply(comment, page.owner, self._at(1))

    def _comment(self, page, author, number, at: datetime):
        quote = "" if number % 3 == 0 else self._some_words(page.latest.body)
        body = f"{number}: {self._words(25)}"
        return actions.add_comment(page, by=author, kind=_KINDS[number % 3], quote=quote, body=body, at=at)

    def _reply(self, comment, author, at):
        return actions.add_comment(comment.page, by=author, reply_to=comment, body=self._words(15), at=at)

    def _at(self, days):
        return self.now - timedelta(days=days)

    def _words(self, count):
        return " ".join(self.chance.choices(VOCABULARY, k=count))

    def _text(self):
        """600 words: three headings of 4, nine paragraphs of 58, six points of 11."""
        parts = []
        for _ in range(3):
            parts.append(f"<h2>{self._words(4)}</h2>")
            parts += [f"<p>{self._words(50)} <strong>{self._words(8)}</strong></p>" for _ in range(3)]
        points = "".join(f"<li><p>{self._words(11)}</p></li>" for _ in range(6))
        return "".join([*parts, f"<ul>{points}</ul>"])

    def _edited(self, body):
        """Three words of every third paragraph are others, and one paragraph is written anew."""
        paragraphs = body.split("</p>")
        for place in range(1, len(paragraphs) - 8, 3):
            words = paragraphs[place].split(" ")
            for _ in range(3):
                words[self.chance.randrange(3, 45)] = self.chance.choice(VOCABULARY)
            paragraphs[place] = " ".join(words)
        opening = paragraphs[5].partition("<p>")[0]
        paragraphs[5] = f"{opening}<p>{self._words(58)}"
        return "</p>".join(paragraphs)

    def _moved(self, body):
        """The third paragraph comes first."""
        paragraphs = self._edited(body).split("</p>")
        third = paragraphs.pop(2)
        return "</p>".join([third, *paragraphs])

    def _some_words(self, body):
        paragraph = body.split("<p>")[self.chance.randrange(1, 9)].partition("<")[0].split()
        start = self.chance.randrange(0, 40)
        return " ".join(paragraph[start : start + 6])
