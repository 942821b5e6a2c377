"""Every screen: who looks, its name and address, what to press first. Axe, the narrow phone and the eye use it."""

from dataclasses import dataclass

INDUCTION = "/portfolios/amina-okafor/leading-the-induction-review/"
USAGE = "/portfolios/amina-okafor/usage-review/"
LETTERS = "/pairings/amina-and-ruth/messages/"


@dataclass(frozen=True)
class Screen:
    """`who` is a key of the demo's people, "" for nobody. `press` are buttons or links, pressed in turn."""

    who: str
    name: str
    url: str
    press: tuple[str, ...] = ()


SCREENS = [
    Screen("", "front", "/"),
    Screen("", "how-it-works", "/how-it-works/"),
    Screen("", "accessibility", "/accessibility/"),
    Screen("", "privacy", "/privacy/"),
    Screen("", "sign-in", "/account/sign-in/"),
    Screen("", "sign-in-empty", "/account/sign-in/", ("main form button.btn-primary",)),
    Screen("", "sign-in-code", "/account/sign-in/code/"),
    Screen("", "join", "/account/join/"),
    Screen("", "join-empty", "/account/join/", ("main form button.btn-primary",)),
    Screen("", "reset", "/account/password/reset/"),
    Screen("", "not-found", "/portfolios/nobody/"),
    Screen("", "outbox-empty", "/demo/outbox/"),
    Screen("", "components", "/demo/components/"),
    Screen("ruth", "home-mentor", "/home/"),
    Screen("ruth", "mentees", "/mentees/"),
    Screen("ruth", "new", "/new/"),
    Screen("ruth", "portfolio-of-amina", "/portfolios/amina-okafor/"),
    Screen("ruth", "page-with-changes", INDUCTION),
    Screen("ruth", "page-without-changes", f"{INDUCTION}?since=none"),
    Screen("ruth", "page-since-first", f"{INDUCTION}changes/?since=1"),
    Screen("ruth", "page-baselines", INDUCTION, (".baselines summary",)),
    Screen("ruth", "versions", f"{INDUCTION}versions/"),
    Screen("ruth", "version", f"{INDUCTION}versions/2/"),
    Screen("ruth", "version-changes", f"{INDUCTION}versions/3/?since=1"),
    Screen("ruth", "comment", f"{INDUCTION}comments/"),
    Screen("ruth", "comment-on-words", f"{INDUCTION}comments/?version=4&start=0&end=40"),
    Screen("ruth", "comment-empty", f"{INDUCTION}comments/", ("#writing form button.btn-primary",)),
    Screen("ruth", "reply", INDUCTION, (".thread .actions a[data-writes]",)),
    Screen("ruth", "reply-empty", INDUCTION, (".thread .actions a[data-writes]", "#writing form button.btn-primary")),
    Screen("ruth", "settled", INDUCTION, (".thread-settled summary",)),
    Screen("ruth", "new-for-you", "/new/"),
    Screen("ruth", "not-found-signed-in", "/portfolios/nobody/"),
    Screen("ruth", "page-after-the-end", "/portfolios/beatriz-nunes/"),
    Screen("ruth", "new-kept", "/new/", (".thing-acts form:last-child button",)),
    Screen("ruth", "new-earlier", "/new/earlier/"),
    Screen("ruth", "emails", "/settings/emails/"),
    Screen("ruth", "display", "/settings/display/"),
    Screen("ruth", "time-zone", "/settings/time/"),
    Screen("ruth", "photo", "/settings/photo/"),
    Screen("ruth", "photo-empty", "/settings/photo/", ("main form button.btn-primary",)),
    Screen("ruth", "security", "/account/security/"),
    Screen("ruth", "sign-ins", "/account/security/sign-ins/"),
    Screen("ruth", "messages", "/messages/"),
    Screen("ruth", "messages-thread", LETTERS),
    Screen("ruth", "messages-earlier", f"{LETTERS}?before=9"),
    Screen("ruth", "messages-after-the-end", "/pairings/beatriz-and-ruth/messages/"),
    Screen("amina", "home-mentee", "/home/"),
    Screen("amina", "portfolio", "/portfolios/amina-okafor/"),
    Screen("amina", "own-page", USAGE),
    Screen("amina", "own-page-comments", f"{USAGE}comments/"),
    Screen("amina", "new-for-you-mentee", "/new/"),
    Screen("tomasz", "suggestion", "/portfolios/tomasz-brandt/the-night-the-link-resolver-broke/"),
    Screen("amina", "editor", f"{USAGE}edit/"),
    Screen("amina", "share", f"{USAGE}share/"),
    Screen("amina", "portfolio-tools", "/portfolios/amina-okafor/", ("#pages summary",)),
    Screen("amina", "new-page", "/portfolios/amina-okafor/new/"),
    Screen("amina", "new-page-from-a-starter", "/portfolios/amina-okafor/new/?starter=changed"),
    Screen("amina", "new-page-empty", "/portfolios/amina-okafor/new/", ("main form button.btn-primary",)),
    Screen("amina", "messages-new", "/messages/"),
    Screen("amina", "messages-nothing-written", LETTERS, (".letters-write button.btn-primary",)),
    Screen("amina", "message-wording", f"{LETTERS}26/wording/"),
    Screen("amina", "message-file-removal", LETTERS, (".letter-file-remove",)),
    Screen("amina", "message-earlier", f"{LETTERS}26/earlier/"),
    Screen("amina", "concern", "/pairings/amina-and-ruth/concern/"),
    Screen("amina", "concern-empty", "/pairings/amina-and-ruth/concern/", ("main form button.btn-primary",)),
    Screen("priya", "home-both", "/home/"),
    Screen("priya", "messages-both", "/messages/"),
    Screen("hana", "home-waiting", "/home/"),
    Screen("hana", "portfolio-empty", "/portfolios/hana-sato/"),
    Screen("hana", "new-empty", "/new/"),
    Screen("hana", "messages-empty", "/messages/"),
    Screen("marguerite", "admin", "/admin/"),
    Screen("marguerite", "admin-pairings", "/admin/pairings/pairing/"),
    Screen("marguerite", "admin-emails", "/admin/notifications/email/"),
    Screen("marguerite", "admin-concerns", "/admin/pairings/concern/"),
    Screen("marguerite", "admin-email-health", "/admin/email/health/", (".plot summary",)),
    Screen("marguerite", "admin-enrol", "/admin/programmes/enrolment/add/"),
    Screen("marguerite", "admin-pair", "/admin/pairings/pairing/add/"),
]


def visit(page, site, screen):
    """Open a screen, and press what is to be pressed."""
    page.goto(site + screen.url)
    for selector in screen.press:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
