"""A reply by email becomes what it answers: from the mail program, through the door for mail servers, onto the page."""

import asyncio
import smtplib
import threading
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from playwright.sync_api import expect

from notifications import delivery
from notifications.inbound.doors import Door
from tests.journeys.test_walk import PAGE, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door(settings):
    """The port at which a mail server of one's own would bring the replies."""
    settings.INBOUND_ADDRESS = "reply+{key}@in.demo.example"
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    opened = Door()

    async def listen():
        return await loop.create_server(opened.open, "127.0.0.1", 0)

    async def close(server):
        server.close()
        await opened.close()

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    yield server.sockets[0].getsockname()[1]
    asyncio.run_coroutine_threadsafe(close(server), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def answer(told, words):
    """As a mail program answers: above what it quotes, to where the email wants its answers."""
    reply = EmailMessage()
    reply["From"], reply["To"] = told["To"], told["Reply-To"]
    reply["Subject"], reply["In-Reply-To"] = f"Re: {told['Subject']}", told["Message-ID"]
    reply["Message-ID"] = make_msgid(domain="demo.example")
    quoted = "\n".join(f"> {line}" for line in told.get_body(("plain",)).get_content().splitlines())
    reply.set_content(f"{words}\n\nOn Mon, 23 Nov 2026 at 20:05, Northmere <mentoring@demo.example> wrote:\n{quoted}\n")
    return reply


def bring(reply, port):
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(reply)


def test_a_question_is_answered_from_the_mail_program(northmere, sink, site, sign_in, browser, door):
    ruth, amina = browser.new_context().new_page(), browser.new_context().new_page()
    sign_in(ruth, "ruth")
    ruth.goto(site + PAGE)
    ruth.get_by_role("link", name="Add a comment").click()
    ruth.get_by_label("Your comment").fill("Who laughed first?")
    ruth.get_by_role("button", name="Send comment").click()
    expect(ruth.get_by_text("Who laughed first?").first).to_be_visible()
    delivery.deliver_due()
    [told] = [message for message in sink if message["To"].endswith("<amina@demo.example>")]
    assert "Or simply reply to this email: Ruth gets your words." in text_of(told)

    bring(answer(told, "The one at the back.\n\nI did not mind."), door)

    sign_in(amina, "amina")
    amina.goto(site + PAGE)
    thread = amina.get_by_role("listitem").or_(amina.locator(".thread")).filter(has_text="Who laughed first?").last
    expect(thread).to_contain_text("The one at the back.")
    expect(amina.get_by_text("Northmere wrote")).to_have_count(0)
    ruth.reload()
    expect(ruth.get_by_text("I did not mind.")).to_be_visible()
    # And Ruth hears of it by email, which can be answered in its turn.
    delivery.deliver_due()
    heard = [message for message in sink if message["To"].endswith("<ruth@demo.example>")]
    assert "The one at the back." in text_of(heard[-1])


def test_a_reply_from_somebody_elses_address_says_nothing_and_its_owner_is_told(
    northmere, sink, site, sign_in, browser, door
):
    ruth = browser.new_context().new_page()
    sign_in(ruth, "ruth")
    ruth.goto(site + PAGE)
    ruth.get_by_role("link", name="Add a comment").click()
    ruth.get_by_label("Your comment").fill("Who laughed first?")
    ruth.get_by_role("button", name="Send comment").click()
    expect(ruth.get_by_text("Who laughed first?").first).to_be_visible()
    delivery.deliver_due()
    [told] = [message for message in sink if message["To"].endswith("<amina@demo.example>")]
    forged = answer(told, "I know your secret.")
    del forged["From"]
    forged["From"] = "stranger@example.org"

    bring(forged, door)
    delivery.deliver_due()

    ruth.reload()
    expect(ruth.get_by_text("I know your secret.")).to_have_count(0)
    to_amina = [message for message in sink if "amina@" in message["To"]]
    assert len(to_amina) == 2
    assert "I know your secret." not in text_of(to_amina[1])
