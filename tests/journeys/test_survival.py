"""Whatever goes wrong while somebody writes, not one of their words is lost: the exact text is compared each time."""

import random
import re
from html import escape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from accounts.models import Draft
from portfolios.models import Comment, PageDraft
from portfolios.richtext import text
from tests.accounts.conftest import PASSWORD, make_person
from tests.factories import PairingFactory, make_page, make_portfolio
from tests.journeys.writing import go_to_end

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = (
    "Who did you ask – “forty”, or 68 of 101?\n\n- Łukasz  &  Zoë <3\n\t- and why? 🙂\n"
    + "And more about it. " * 30
    + "End."
)


@pytest.fixture
def world(transactional_db):
    """Amina and Ruth, who is her mentor, with one shared page."""
    amina = make_person(name="Amina Okafor", email="amina@example.org")
    ruth = make_person(name="Ruth Lindqvist", email="ruth@example.org")
    pairing = PairingFactory(mentee=amina, mentor=ruth)
    page = make_page(make_portfolio(amina, pairing.programme), title="Usage review", body="<p>In March I asked.</p>")
    return {"amina": amina, "ruth": ruth, "page": page, "url": page.get_absolute_url()}


class Device:
    """A browser of its own. `shared` is a computer where nobody asked to stay signed in."""

    def __init__(self, browser, site, **options):
        self.context = browser.new_context(**options)
        self.site = site

    def know(self, person, shared=False):
        """Signed in, as after the form, but sooner."""
        client = Client()
        client.force_login(person, backend="accounts.backends.EmailBackend")
        session = client.session
        session.set_expiry(0 if shared else None)
        session.save()
        self.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": self.site}])
        return self

    def open(self, path):
        tab = self.context.new_page()
        tab.goto(self.site + path)
        return tab

    def sign_in(self, person, tab=None):
        """Through the form, in a tab of its own unless `tab` shows it already."""
        tab = tab or self.open("/account/sign-in/")
        tab.get_by_label("Email", exact=True).fill(person.email)
        tab.get_by_label("Password", exact=True).fill(PASSWORD)
        tab.get_by_role("button", name="Sign in", exact=True).click()
        tab.wait_for_url(re.compile("(?<!sign-in/)$"))
        return tab


@pytest.fixture
def device(browser, site):
    devices = []

    def another(**options):
        devices.append(Device(browser, site, **options))
        return devices[-1]

    yield another
    for each in devices:
        each.context.close()


def comments(world):
    return f"{world['url']}comments/"


def comment_box(tab):
    return tab.get_by_role("textbox", name="Your comment")


def editor_box(tab):
    return tab.get_by_role("textbox", name="Your words")


def send(tab):
    tab.get_by_role("button", name="Send comment").click()


def state(tab, name):
    expect(tab.locator(".save-line .saved, #save-state .saved")).to_have_attribute("data-state", name, timeout=25_000)


def drafted():
    return [draft.fields.get("body") for draft in Draft.objects.exclude(fields={})]


def said():
    return [body.replace("\r\n", "\n") for body in Comment.objects.values_list("body", flat=True)]


def copies(tab):
    """How many copies of unsaved words are on the device."""
    count = "Object.keys(store).filter((key) => key.startsWith('kept:')).length"
    return tab.evaluate(f"[localStorage, sessionStorage].reduce((sum, store) => sum + {count}, 0)")


def come_back(tab):
    """To the tab, as from another one. (A browser without a window does not say so by itself.)"""
    tab.evaluate("dispatchEvent(new Event('focus'))")


def cut(tab):
    """No request of this tab gets through any more, the very last one neither."""
    tab.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('cut')); }")


# 1 to 4: no session, no token, no network, no server ------------------------------------------------------


def test_an_expired_session_is_said_and_made_good_by_signing_in_in_another_tab(world, device):
    here = device().know(world["ruth"])
    tab = here.open(comments(world))
    Session.objects.all().delete()

    comment_box(tab).fill(WORDS)
    state(tab, "signed-out")
    told = "You’ve been signed out. Your words are kept on this device. Sign in in a new tab"
    expect(tab.locator(".saved [data-when='signed-out']")).to_have_text(told, use_inner_text=True)
    with here.context.expect_page() as opened:
        tab.get_by_role("link", name="Sign in").click()
    here.sign_in(world["ruth"], opened.value)
    come_back(tab)
    state(tab, "saved")

    assert drafted() == [WORDS]
    assert copies(tab) == 0
    send(tab)
    expect(tab.locator(".said", has_text="Łukasz")).to_be_visible()
    assert said() == [WORDS]


def test_without_javascript_a_form_that_comes_too_late_returns_after_signing_in(world, device):
    here = device(java_script_enabled=False).know(world["ruth"])
    tab = here.open(comments(world))
    comment_box(tab).fill(WORDS)
    Session.objects.all().delete()

    send(tab)
    expect(tab.get_by_text("Sign in, and what you wrote will be there.")).to_be_visible()
    here.sign_in(world["ruth"], tab)

    expect(tab.get_by_text("We kept what you wrote.")).to_be_visible()
    assert comment_box(tab).input_value() == WORDS
    send(tab)
    expect(tab.locator(".said", has_text="Łukasz")).to_be_visible()
    assert said() == [WORDS]


@pytest.mark.parametrize("scripted", [True, False])
def test_a_stale_token_loses_nothing(world, device, scripted):
    here = device(java_script_enabled=scripted).know(world["ruth"])
    tab = here.open(comments(world))
    comment_box(tab).fill(WORDS)
    Session.objects.all().delete()
    here.sign_in(world["ruth"])

    send(tab)
    if not scripted:
        expect(tab.get_by_text("We kept what you wrote.")).to_be_visible()
        assert comment_box(tab).input_value() == WORDS
        send(tab)

    expect(tab.locator(".said", has_text="Łukasz")).to_be_visible()
    assert said() == [WORDS]


def test_offline_the_words_stay_on_the_device_until_they_are_saved(world, device):
    here = device().know(world["ruth"])
    tab = here.open(comments(world))
    here.context.set_offline(True)

    comment_box(tab).fill(WORDS)
    state(tab, "unsaved")
    told = "Not saved yet. Your words are kept on this device."
    expect(tab.locator(".saved [data-when='unsaved']")).to_have_text(told, use_inner_text=True)
    send(tab)
    assert (comment_box(tab).input_value(), copies(tab), drafted(), said()) == (WORDS, 1, [], [])
    here.context.set_offline(False)
    state(tab, "saved")

    assert (drafted(), copies(tab)) == ([WORDS], 0)


def test_a_server_that_breaks_while_it_saves_is_asked_again(world, device):
    tab = device().know(world["ruth"]).open(comments(world))
    tab.route("**/drafts/**", lambda route: route.fulfill(status=500, body="<h1>Something broke</h1>"))

    comment_box(tab).fill(WORDS)
    state(tab, "unsaved")
    tab.unroute("**/drafts/**")
    come_back(tab)
    state(tab, "saved")

    assert drafted() == [WORDS]


def test_an_answer_that_is_not_ours_never_counts_as_saved(world, device):
    """Like the page of a hotel that wants to be paid first: it says 200."""
    tab = device().know(world["ruth"]).open(comments(world))
    tab.route("**/drafts/**", lambda route: route.fulfill(status=200, body="<h1>Welcome to our hotel</h1>"))

    comment_box(tab).fill(WORDS)
    state(tab, "unsaved")

    assert copies(tab) == 1


def test_a_server_that_breaks_while_it_takes_the_form_has_the_words_in_the_form_afterwards(world, device):
    tab = device().know(world["ruth"]).open(comments(world))
    tab.route(
        "**/comments/",
        lambda route: route.fulfill(status=500, body="broken") if route.request.method == "POST" else route.continue_(),
    )

    comment_box(tab).fill(WORDS)
    send(tab)
    expect(tab.get_by_text("broken")).to_be_visible()
    tab.goto(tab.url)

    assert comment_box(tab).input_value() == WORDS
    assert said() == []


# 5 to 8: Back, a closed tab, two tabs, a double click -----------------------------------------------------


def test_whoever_goes_back_finds_what_they_wrote(world, device):
    tab = device().know(world["ruth"]).open(comments(world))
    comment_box(tab).fill(WORDS)
    state(tab, "saved")

    tab.goto(tab.url.replace("comments/", ""))
    tab.go_back()

    assert comment_box(tab).input_value() == WORDS


@pytest.mark.parametrize("scripted", [True, False])
def test_going_back_after_sending_sends_nothing_twice_and_loses_nothing_new(world, device, scripted):
    tab = device(java_script_enabled=scripted).know(world["ruth"]).open(comments(world))
    for words in (WORDS, WORDS, "One thing more."):
        comment_box(tab).fill(words)
        send(tab)
        expect(tab).to_have_url(re.compile("#comment-"))
        tab.go_back()

    assert said() == [WORDS, "One thing more."]


def test_a_tab_that_was_closed_too_soon_offers_the_words_when_the_form_is_opened_again(world, device):
    here = device().know(world["ruth"])
    tab = here.open(comments(world))
    cut(tab)
    comment_box(tab).fill(WORDS)
    state(tab, "unsaved")
    tab.close()

    tab = here.open(comments(world))
    offer = tab.locator("[data-offer]")
    expect(offer).to_contain_text(re.compile(r"We kept what you wrote on this device at \d\d:\d\d\."))
    assert offer.locator(".as-typed").text_content() == WORDS
    assert comment_box(tab).input_value() == ""
    offer.get_by_role("button", name="Use it").click()
    state(tab, "saved")

    assert (comment_box(tab).input_value(), drafted(), copies(tab)) == (WORDS, [WORDS], 0)


def test_the_editor_offers_its_words_too_and_they_can_be_thrown_away(world, device):
    here = device().know(world["amina"])
    tab = here.open(f"{world['url']}edit/")
    cut(tab)
    write(tab, " And then they clapped.")
    state(tab, "unsaved")
    write(tab, " Twice.")
    tab.close()

    tab = here.open(f"{world['url']}edit/")
    expect(tab.locator("[data-offer] .as-typed").last).to_have_text("In March I asked. And then they clapped. Twice.")
    second = here.open(f"{world['url']}edit/")
    tab.get_by_role("button", name="Use it").click()
    state(tab, "saved")
    assert text(PageDraft.objects.get().body) == "In March I asked. And then they clapped. Twice."
    assert editor_box(tab).inner_text() == "In March I asked. And then they clapped. Twice."

    second.get_by_role("button", name="Throw it away").click()
    expect(second.locator("[data-offer]")).to_have_count(0)
    assert editor_box(second).inner_text() == "In March I asked."
    assert copies(second) == 0


def write(tab, words):
    go_to_end(editor_box(tab))
    tab.keyboard.insert_text(words)


@pytest.mark.parametrize("way", ["Keep mine", "Take the other"])
def test_two_tabs_show_both_texts_and_their_writer_chooses(world, device, way):
    here = device().know(world["amina"])
    first, second = here.open(f"{world['url']}edit/"), here.open(f"{world['url']}edit/")
    write(first, " From the first tab.")
    state(first, "saved")
    write(second, " From the second tab.")

    clash = second.locator(".clash")
    expect(clash).to_contain_text("This page was saved in another window")
    assert clash.locator("section").all_inner_texts() == [
        "Mine, in this window\n\nUsage review\n\nIn March I asked. From the second tab.",
        "The other\n\nUsage review\n\nIn March I asked. From the first tab.",
    ]
    assert text(PageDraft.objects.get().body) == "In March I asked. From the first tab."
    write(second, " Still writing.")
    second.get_by_text(way).click()

    mine = "In March I asked. From the second tab. Still writing."
    chosen = mine if way == "Keep mine" else "In March I asked. From the first tab."
    expect(second.locator(".clash")).to_have_count(0)
    state(second, "saved")
    expect(editor_box(second)).to_have_text(chosen)
    assert text(PageDraft.objects.get().body) == chosen
    assert copies(second) == 0


def test_two_devices_clash_over_a_comment_like_two_tabs(world, device):
    desk, phone = (device().know(world["ruth"]).open(comments(world)) for _ in range(2))
    comment_box(desk).fill(WORDS)
    state(desk, "saved")
    comment_box(phone).fill("On the train.")

    expect(phone.locator(".clash .as-typed")).to_have_text(["On the train.", WORDS])
    send(phone)
    expect(phone.locator(".clash")).to_be_visible()
    assert (drafted(), said()) == ([WORDS], [])
    phone.get_by_role("button", name="Keep mine").click()
    state(phone, "saved")

    assert drafted() == ["On the train."]
    assert comment_box(desk).input_value() == WORDS


def test_a_double_click_sends_once(world, device):
    tab = device().know(world["ruth"]).open(comments(world))
    comment_box(tab).fill(WORDS)

    tab.get_by_role("button", name="Send comment").dblclick()
    expect(tab.locator(".said", has_text="Łukasz")).to_have_count(1)

    assert said() == [WORDS]


def test_the_same_form_from_twenty_connections_is_taken_once(world, device):
    tab = device().know(world["ruth"]).open(comments(world))
    comment_box(tab).fill(WORDS)

    urls = tab.evaluate(
        """() => {
            const form = document.querySelector("#writing form");
            const once = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
            return Promise.all([...Array(20)].map(async () => (await once()).url));
        }"""
    )

    assert len(set(urls)) == 1
    assert said() == [WORDS]


# 9 to 12: a huge paste, clashes above, a restart ----------------------------------------------------------


def word_html(paragraphs):
    """What Word puts on the clipboard: every run in spans with styles of its own."""
    fonts = "".join(f"mso-{script}-font-family:&quot;Times New Roman&quot;;" for script in ("ascii", "fareast", "bidi"))
    style = f"{fonts}mso-ansi-language:EN-GB;font-size:11.0pt;line-height:107%"
    runs = [
        f"<p class=MsoNormal style='{style}'><span lang=EN-GB style='{style}'>{escape(each)}<o:p></o:p></span></p>"
        for each in paragraphs
    ]
    head = "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p.MsoNormal{margin:0}</style></head>"
    return f"{head}<body><!--StartFragment-->{''.join(runs)}<!--EndFragment--></body></html>"


def test_a_huge_paste_from_word_is_saved_to_the_last_letter(world, device):
    paragraphs = [f"Paragraph {number}: {WORDS.splitlines()[-1].strip()}" for number in range(200)]
    pasted = word_html(paragraphs)
    assert len(pasted) > 200_000
    tab = device().know(world["amina"]).open(f"{world['url']}edit/")
    editor_box(tab).press("Control+A")

    tab.evaluate(
        """(html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.querySelector(".ProseMirror[role=textbox]").dispatchEvent(paste);
        }""",
        pasted,
    )
    state(tab, "saved")

    body = PageDraft.objects.get().body
    assert text(body).split("\n") == paragraphs
    assert "mso" not in body
    assert "<span" not in body


def test_a_restart_of_the_server_is_waited_for(world, device):
    here = device().know(world["amina"])
    tab = here.open(f"{world['url']}edit/")
    here.context.route("**/*", lambda route: route.abort("connectionrefused"))
    write(tab, " While it was away.")
    state(tab, "unsaved")
    tab.get_by_role("button", name="Share update").click()
    state(tab, "unsaved")
    write(tab, " And on.")

    here.context.unroute("**/*")
    state(tab, "saved")

    assert text(PageDraft.objects.get().body) == "In March I asked. While it was away. And on."
    tab.get_by_role("button", name="Share update").click()
    expect(tab.get_by_role("heading", name="Share “Usage review”")).to_be_visible()


# The rest of the promise ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scripted", [True, False])
def test_a_session_that_ends_during_a_long_edit_costs_not_a_character(world, device, scripted):
    here = device(java_script_enabled=scripted).know(world["amina"])
    tab = here.open(f"{world['url']}edit/")
    long = " ".join(f"Sentence {number} of an hour’s work." for number in range(400))
    if scripted:
        editor_box(tab).press("Control+A")
        tab.keyboard.insert_text(long[:5000])
        state(tab, "saved")
        Session.objects.all().delete()
        tab.keyboard.insert_text(long[5000:])
        tab.get_by_role("button", name="Share update").click()
        state(tab, "signed-out")
        here.sign_in(world["amina"])
        come_back(tab)
        state(tab, "saved")
    else:
        box = tab.get_by_label("Your words").locator("visible=true")
        box.fill(long)
        Session.objects.all().delete()
        tab.get_by_role("button", name="Save draft").click()
        here.sign_in(world["amina"], tab)
        assert box.input_value() == long
        tab.get_by_role("button", name="Save draft").click()
        expect(tab.get_by_text("Saved. Only you can see it")).to_be_visible()

    assert text(PageDraft.objects.get().body) == long


def bad_line(route, chance):
    """Requests that never arrive, that arrive though no answer comes back, and servers that break before or after."""
    luck = chance.random()
    if luck < 0.2:
        route.abort()
    elif luck < 0.35:
        route.fulfill(status=500, body="broken")
    elif luck < 0.5:
        route.fetch()
        route.abort()
    elif luck < 0.6:
        route.fetch()
        route.fulfill(status=502, body="broken")
    else:
        route.continue_()


def shown(tab):
    return tab.locator(".save-line .saved").get_attribute("data-state")


def settle(tab):
    """Lets the page's clock run until it no longer says that it is saving; returns what it says then."""
    for _ in range(400):
        tab.wait_for_timeout(25)
        if (state := shown(tab)) != "saving":
            return state
        tab.clock.fast_forward(1000)
    return "saving"


def test_a_hundred_saves_over_a_bad_line_lose_nothing_and_never_claim_too_much(world, device):
    chance = random.Random(17)
    here = device().know(world["ruth"])
    tab = here.context.new_page()
    tab.clock.install()
    tab.goto(here.site + comments(world))
    tab.route("**/drafts/**", lambda route: bad_line(route, chance))
    typed, claimed, seen = "", [], []

    for number in range(100):
        words = f"{number} {chance.choice(['words', 'Łódź', '“so”', '🙂'])}\n"
        typed += words
        comment_box(tab).press("Control+End")
        tab.keyboard.insert_text(words)
        seen.append(shown(tab))
        tab.clock.fast_forward(1000 if chance.random() < 0.7 else 15_000)
        seen.append(settle(tab))
        if seen[-1] == "saved" and drafted() != [typed]:
            claimed.append((number, drafted()))
    tab.unroute("**/drafts/**")
    tab.clock.fast_forward(15_000)
    last = settle(tab)

    assert claimed == []
    assert "saved" not in seen[::2]
    assert {"saved", "unsaved"} == set(seen[1::2])
    assert (last, comment_box(tab).input_value(), drafted()) == ("saved", typed, [typed])


def test_on_a_shared_computer_nothing_outlives_the_tab(world, device):
    here = device().know(world["ruth"], shared=True)
    tab = here.open(comments(world))
    cut(tab)
    comment_box(tab).fill(WORDS)
    state(tab, "unsaved")
    assert (tab.evaluate("localStorage.length"), copies(tab)) == (0, 1)

    tab.on("dialog", lambda dialog: dialog.accept())
    tab.reload()
    assert tab.locator("[data-offer] .as-typed").text_content() == WORDS
    tab.close()

    assert copies(here.open("/")) == 0


def test_nobody_else_is_offered_the_words_and_signing_out_wipes_them(world, device):
    here = device().know(world["amina"])
    tab = here.open(comments(world))
    cut(tab)
    comment_box(tab).fill(WORDS)
    state(tab, "unsaved")
    tab.close()
    Session.objects.all().delete()

    hers = here.sign_in(world["ruth"])
    hers.goto(here.site + comments(world))
    expect(comment_box(hers)).to_have_value("")
    expect(hers.locator("[data-offer]")).to_have_count(0)
    Session.objects.all().delete()

    tab = here.sign_in(world["amina"])
    tab.goto(here.site + comments(world))
    expect(tab.locator("[data-offer]")).to_have_count(1)
    tab.locator("summary", has_text="Amina").click()
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url(here.site + "/")
    assert copies(tab) == 0


def test_a_tab_that_stayed_open_saves_nothing_under_the_name_of_somebody_else(world, device):
    here = device().know(world["amina"])
    tab = here.open(comments(world))
    Session.objects.all().delete()
    here.sign_in(world["ruth"])

    comment_box(tab).fill(WORDS)
    state(tab, "signed-out")
    send(tab)

    state(tab, "signed-out")
    assert (drafted(), said(), comment_box(tab).input_value()) == ([], [], WORDS)


def test_on_a_phone_the_toolbar_stays_in_sight_and_every_button_is_big_enough(world, device):
    here = device(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).know(world["amina"])
    tab = here.open(f"{world['url']}edit/")
    editor_box(tab).press("Control+A")
    tab.keyboard.insert_text("A long page. " * 400)
    state(tab, "saved")
    tab.evaluate("scrollTo(0, 2000)")

    bar = tab.get_by_role("toolbar", name="Formatting")
    expect(bar).to_be_in_viewport()
    assert bar.bounding_box()["y"] == 0
    sizes = [button.bounding_box() for button in bar.locator("button:visible").all()]
    assert min(min(size["width"], size["height"]) for size in sizes) >= 44
    expect(tab.get_by_role("button", name="Share update")).to_be_in_viewport()
    expect(tab.locator("#save-state")).to_be_in_viewport()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


def test_keys_save_and_send_and_leaving_unsaved_words_asks(world, device):
    here = device().know(world["ruth"])
    tab = here.context.new_page()
    tab.clock.install()
    tab.goto(here.site + comments(world))
    asked = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    comment_box(tab).press_sequentially("Saved by")
    comment_box(tab).press("Control+s")
    state(tab, "saved")
    assert drafted() == ["Saved by"]

    tab.route("**/drafts/**", lambda route: route.abort())
    comment_box(tab).press_sequentially(" hand")
    tab.get_by_role("link", name="Not now").click()
    expect(comment_box(tab)).to_be_visible()
    tab.unroute("**/drafts/**")
    comment_box(tab).press("Control+Enter")
    expect(tab.locator(".said", has_text="Saved by hand")).to_be_visible()

    here.know(world["amina"])
    tab.goto(f"{here.site}{world['url']}edit/")
    write(tab, " The last words.")
    tab.get_by_role("link", name="Done for now").click()
    expect(tab).to_have_url(f"{here.site}{world['page'].portfolio.get_absolute_url()}")

    assert text(PageDraft.objects.get().body) == "In March I asked. The last words."
    assert asked == ["beforeunload"]
    assert said() == ["Saved by hand"]
