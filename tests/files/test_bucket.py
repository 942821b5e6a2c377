"""Files in a bucket, over the wire: what a store like Amazon's hears of us."""

import os
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from files import storage, tasks
from files.actions import remove, store
from files.models import StoredFile
from files.places import place_for
from files.serving import serve
from files.types import Refused
from tests.factories import PersonFactory
from tests.files.making import picture, upload

pytestmark = pytest.mark.django_db(transaction=True)


class Bucket(BaseHTTPRequestHandler):
    """As much of S3's API as a private folder needs: https://docs.aws.amazon.com/AmazonS3/latest/API/"""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.is_full:
            return self._answer(503, b"<Error><Code>ServiceUnavailable</Code></Error>")
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = re.sub(rb"^[0-9a-f]+\r\n|\r\n0\r\n(.|\r\n)*$", b"", content)
        self.server.kept[self._key()] = content
        self.server.told.append(self.headers)
        self._answer(200)

    def do_GET(self):
        key = self._key()
        if key == "":
            return self._list()
        content = self.server.kept.get(key)
        self._answer(404 if content is None else 200, content or b"")

    do_HEAD = do_GET

    def do_DELETE(self):
        self.server.kept.pop(self._key(), None)
        self._answer(204)

    def _key(self):
        return unquote(urlsplit(self.path).path).removeprefix("/ours").lstrip("/")

    def _list(self):
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        names = [name.removeprefix(prefix) for name in sorted(self.server.kept) if name.startswith(prefix)]
        folders = sorted({name.split("/")[0] for name in names if "/" in name})
        files = [name for name in names if "/" not in name]
        common = "".join(
            f"<CommonPrefixes><Prefix>{escape(prefix + name)}/</Prefix></CommonPrefixes>" for name in folders
        )
        contents = "".join(f"<Contents><Key>{escape(prefix + name)}</Key></Contents>" for name in files)
        found = f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}{common}</ListBucketResult>"
        self._answer(200, found.encode())

    def _answer(self, status, content=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", self.server.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def bucket(settings, monkeypatch, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.kept, server.told, server.is_full, server.last_modified = {}, [], False, datetime.now(UTC)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    place = place_for(f"s3://ours?region=eu-west-2&endpoint=http://127.0.0.1:{server.server_port}", "", tmp_path)
    settings.STORAGES = {**settings.STORAGES, "files": place.storage}
    yield server
    storage.private().connection.meta.client.close()
    server.shutdown()
    server.server_close()


def test_a_file_goes_into_a_bucket_and_comes_out_the_same(bucket):
    stored = store(upload(b"Notes.", "notes.txt"), owner=PersonFactory(), kind="attachment")

    response = serve(stored)

    assert bucket.kept == {stored.file.name: b"Notes."}
    assert b"".join(response.streaming_content) == b"Notes."
    assert response["Content-Disposition"] == 'attachment; filename="notes.txt"'
    response.close()


def test_nothing_in_a_bucket_is_made_public(bucket):
    store(upload(b"Notes.", "notes.txt"), owner=PersonFactory(), kind="attachment")

    assert [headers.get("x-amz-acl") for headers in bucket.told] == [None]
    assert bucket.told[0]["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=a-key/")


def test_removing_empties_the_bucket(bucket):
    stored = store(upload(picture(), "me.jpg"), owner=PersonFactory(), kind="attachment")
    assert sorted(bucket.kept) == [stored.file.name, stored.thumbnail.name]

    remove(stored, by=stored.owner)

    assert bucket.kept == {}


def test_a_bucket_is_swept_like_a_folder(bucket):
    owner = PersonFactory()
    stored = store(upload(picture(), "me.jpg"), owner=owner, kind="attachment")
    lost = store(upload(b"Notes.", "notes.txt"), owner=owner, kind="attachment")
    StoredFile.objects.filter(pk=lost.pk).delete()

    tasks.forget_orphans()
    assert len(bucket.kept) == 3

    bucket.last_modified = datetime(2020, 1, 1, tzinfo=UTC)
    tasks.forget_orphans()
    assert sorted(bucket.kept) == [stored.file.name, stored.thumbnail.name]


def test_a_bucket_that_takes_nothing_is_said_in_words(bucket):
    bucket.is_full = True

    with pytest.raises(Refused, match=r"could not be kept just now\. Please try again in a few minutes\."):
        store(upload(b"Notes.", "notes.txt"), owner=PersonFactory(), kind="attachment")

    assert (bucket.kept, StoredFile.objects.count()) == ({}, 0)
