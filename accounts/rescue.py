"""A form that cannot be taken as it came, because its writer was signed out or its token is stale, is not lost.

Its words are held for half an hour, for the person who wrote them, in the browser that sent them. Once that person is
signed in and opens the form's address there, the form is filled in again:

    form = CommentForm(words_sent(request), …)

Nothing is held for pages of other sites, for pages that ask for passwords, or beyond a megabyte.
"""

import secrets
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import KeptPost, User
from accounts.once import BESIDE

KEPT_COOKIE = "kept"
PERSON_COOKIE = "person"
NOT_HELD = ("/account/", "/admin/", "/demo/", "/drafts/")
LONGEST = 1_000_000  # bytes of one form
LONGEST_PATH = KeptPost._meta.get_field("path").max_length
MOST = 20  # forms of one person at a time

NOT_KEPT = {"csrfmiddlewaretoken", "written_by"}

_signer = Signer(salt="accounts.rescue")


def words_sent(request) -> QueryDict | None:
    """What a view builds its form from: what was posted now, or held before (a message says so), or None."""
    return request.POST if request.method == "POST" else _give_back(request)


def hold(request) -> KeptPost | None:
    """Hold the words of a refused POST for their writer; None when there are none, or they must not be held.

    The answer to the request needs `remember` then.
    """
    if request.path.startswith(NOT_HELD) or not _comes_from_here(request):
        return None
    person = _writer(request)
    words = _words(request.POST)
    if person is None or words is None or len(request.path) > LONGEST_PATH:
        return None
    if KeptPost.objects.visible_to(person).count() >= MOST:
        return None
    token = request.COOKIES.get(KEPT_COOKIE) or secrets.token_urlsafe(32)
    return KeptPost.objects.create(
        person=person, token=token[:64], path=request.path, words=words, had_files=bool(request.FILES)
    )


def way_back(request) -> str:
    """Where a form is that cannot be taken: at its own address, which shows it to a GET, too. A button without words
    may have an address for POST alone; it is on the page that it was pressed on."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if "written_by" in request.POST or f"{came_from.scheme}://{came_from.netloc}" != _here(request):
        return request.get_full_path()
    return f"/{came_from.path.lstrip('/')}?{came_from.query}".removesuffix("?")


def remember(response, kept) -> None:
    """Give the browser what it needs to have its words back."""
    _set_cookie(response, KEPT_COOKIE, kept.token, KeptPost.LIFETIME.total_seconds())


def follow(request, path) -> None:
    """The address of a form has changed since: what is held for it goes along to `path`."""
    if token := _token(request):
        _waiting(request, token).update(path=path)


def know(request, response) -> None:
    """Tell the browser, in a signed cookie that outlives the session, who is signed in there."""
    name = signature(request.user)
    if request.COOKIES.get(PERSON_COOKIE) != name:
        ends_with_browser = request.session.get_expire_at_browser_close()
        _set_cookie(response, PERSON_COOKIE, name, None if ends_with_browser else 365 * 24 * 60 * 60)


def forget(response) -> None:
    """Whoever signs out leaves no name behind."""
    response.delete_cookie(PERSON_COOKIE, samesite="Lax")


def signature(person) -> str:
    """The person's id, signed: every form carries it, since another may be signed in when it arrives."""
    return _signer.sign(str(person.pk))


def sweep(now) -> None:
    """Let go of what nobody came back for."""
    KeptPost.objects.filter(at__lte=now - KeptPost.LIFETIME).delete()


def _give_back(request):
    token = _token(request)
    if request.method != "GET" or not token or not request.user.is_authenticated:
        return None
    with transaction.atomic():
        waiting = _waiting(request, token)
        kept = waiting.select_for_update().order_by("-at", "-pk").first()
        if kept is None:
            return None
        # A double click left the same words twice.
        waiting.filter(words=kept.words).delete()
    if kept.had_files:
        messages.success(request, _("We kept what you wrote. Only the file is missing: please choose it again."))
    else:
        messages.success(request, _("We kept what you wrote. Look at it once more, then send it."))
    return QueryDict(kept.words)


def _waiting(request, token):
    return KeptPost.objects.visible_to(request.user).filter(token=token, path=request.path)


def _token(request):
    """The token that the browser brought, if it can be one."""
    token = request.COOKIES.get(KEPT_COOKIE, "")
    return "" if "\0" in token else token


def _comes_from_here(request):
    """Whether a page of ours sent it, by the browser's own word. Without one it counts as another site's."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    if origin := request.headers.get("Origin"):
        return origin == _here(request)
    return request.headers.get("Referer", "").startswith(f"{_here(request)}/")


def _here(request):
    return f"{request.scheme}://{request.get_host()}"


def _writer(request):
    """Who wrote the form: the form says so itself; else whoever is, or was last, signed in here."""
    if "written_by" in request.POST:
        name = request.POST["written_by"]
    elif request.user.is_authenticated:
        return request.user
    else:
        name = request.COOKIES.get(PERSON_COOKIE, "")
    try:
        return User.objects.filter(pk=_signer.unsign(name), is_active=True).first()
    except BadSignature:
        return None


def _words(data):
    """What was posted, encoded, without passwords and tokens. None when nobody wrote anything, or too much."""
    texts = {name: data.getlist(name) for name in data if name not in NOT_KEPT and "password" not in name.lower()}
    length = sum(len(text.encode()) for name in texts for text in (name, *texts[name]))
    if length > LONGEST or not any(any(texts[name]) for name in texts.keys() - BESIDE):
        return None
    return urlencode(texts, doseq=True)


def _set_cookie(response, name, value, max_age):
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
