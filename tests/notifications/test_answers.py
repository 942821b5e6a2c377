"""What is said to somebody whose reply could not be used, or whom we cannot reach, can all be said in any language."""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.middleware import spoken_to
from notifications import bounces
from notifications.inbound import answers
from notifications.inbound.reading import Read
from notifications.inbound.replies import _no_words
from notifications.letters import compose
from notifications.models import Email
from tests.factories import PersonFactory
from tests.mentoring.test_words import brackets, left_in, mark, untranslated

assert brackets  # the fixture


@pytest.fixture
def person(db, brackets):
    return PersonFactory(name=mark("Amina"), email="amina@example.org")


ANSWERS = {
    "given back": lambda person, email: answers.give_back(person, mark("Why."), words=mark("Words."), answered=email),
    "files": lambda person, email: answers.tell_of_files(person, [mark("a.pdf")] * 6 + [""], "/"),
    "stranger": lambda person, email: answers.tell_of_a_stranger(person, in_their_name=False),
    "doubted": lambda person, email: answers.tell_of_a_stranger(person, in_their_name=True),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_word_of_an_answer_can_be_translated(person, answer):
    email = Email.objects.create(person=person, bundle="pairing-1", subject=mark("Subject"), state=Email.State.SENT)

    with spoken_to(person):
        ANSWERS[answer](person, email)

    assert left_in(compose(Email.objects.get(letter__isnull=False))) == []


@pytest.mark.parametrize("mail", [Read("", "", []), Read("", "Quoted.", []), Read("", "", ["a.pdf"] * 7)])
def test_every_word_of_a_reason_can_be_translated(brackets, mail):
    assert _no_words(mail).startswith("⟦")


@pytest.mark.parametrize("reason", ["No", "554", "550", "5.1.1", "5.2.1", "5.4.4", bounces.MARKED_AS_SPAM])
def test_every_word_of_what_is_said_at_the_next_sign_in_can_be_translated(person, rf, reason):
    bounces.stop_address(person.email, reason=reason, at=timezone.now())

    page = render_to_string("components/stopped.html", {"text": bounces.unreachable(person)}, rf.get("/"))

    assert untranslated(page) == []


def test_an_answer_escapes_the_words_it_returns(db):
    person = PersonFactory(email="amina@example.org")

    answers.give_back(person, "Why <b>.", words="<script>x</script>\n\n&amp;", answered=None)

    letter = Email.objects.get().letter
    assert "<p>&lt;script&gt;x&lt;/script&gt;</p>" in letter["html"]
    assert "&amp;amp;" in letter["html"]
    assert "\n<script>x</script>\n\n&amp;\n" in letter["text"]
