"""How a file leaves the house, once a lookup has found that this person may have it. There is no rule of access here.

Everything is an attachment that no browser guesses about or runs. Only pictures that we made anew may stand in a page.
"""

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from files.kinds import PHOTO
from files.storage import private
from files.types import JPEG

A_LINK_LIVES = 60  # seconds, of a signed address in a bucket
A_PHOTO_LIVES = 3_600  # seconds, in the browser of whoever saw it
INTERNAL = "/internal/files/"  # where nginx finds them, for us alone (docs/deploy.md)


def serve(stored, *, thumbnail=False, inline=False, request=None) -> HttpResponse:
    """The response with the bytes of a `StoredFile`, or of its small copy.

    inline: to be shown within a page; for pictures alone, anything else stays an attachment. People's photos, which
    stand on every page, are kept for a while by the browser of whoever saw them; with `request`, one that has a photo
    already is answered 304.
    """
    thumbnail = thumbnail and stored.is_image
    inline = inline and stored.is_image
    etag = f'"{stored.sha256}{"-small" if thumbnail else ""}"' if inline and stored.kind == PHOTO else None
    if etag and request is not None and (fresh := get_conditional_response(request, etag=etag)):
        return _with_headers(fresh, etag)
    name = (stored.thumbnail if thumbnail else stored.file).name
    # What somebody called the picture of themselves is nobody's business.
    disposition = "inline" if inline else content_disposition_header(True, stored.name)
    content_type = JPEG.content_type if thumbnail else stored.content_type
    response = _WAYS[settings.FILES_SERVED_BY](name, disposition, content_type)
    return _with_headers(response, etag)


def _with_headers(response, etag):
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if etag is None:
        response["Cache-Control"] = "private, no-store"
    elif response.status_code == HttpResponseRedirect.status_code:
        response["Cache-Control"] = f"private, max-age={A_LINK_LIVES // 2}"
    else:
        response["Cache-Control"] = f"private, max-age={A_PHOTO_LIVES}"
        response["ETag"] = etag
    return response


def _by_django(name, disposition, content_type):
    response = FileResponse(private().open(name), content_type=content_type)
    # Only now: while it is made it looks at the file's name, and would show everything.
    response["Content-Disposition"] = disposition
    return response


def _by_nginx(name, disposition, content_type):
    headers = {"Content-Disposition": disposition, "X-Accel-Redirect": INTERNAL + name}
    return HttpResponse(content_type=content_type, headers=headers)


def _by_bucket(name, disposition, content_type):
    said = {"ResponseContentDisposition": disposition, "ResponseContentType": content_type}
    return HttpResponseRedirect(private().url(name, parameters=said, expire=A_LINK_LIVES))


_WAYS = {"django": _by_django, "nginx": _by_nginx, "s3": _by_bucket}
