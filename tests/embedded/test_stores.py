import os
import signal
import subprocess
import sys
from contextlib import closing

import dj_database_url
import psycopg2
import pytest
from kombu import Connection

from mentoring import embedded
from mentoring.embedded.errors import StoreError
from mentoring.embedded.programs import ROOT
from mentoring.embedded.reset import reset
from mentoring.embedded.stores import Stores, connect

OWNER = """
import sys, time
from pathlib import Path
from mentoring.embedded.reset import reset
from mentoring.embedded.stores import Stores
Stores(Path(sys.argv[1])).start()
print("started", flush=True)
time.sleep(60)
"""


def test_the_addresses_of_a_folder_are_where_its_stores_answer(stores, folder):
    told_before = embedded.urls(folder)
    stores.start()

    assert told_before == (stores.database_url, stores.redis_url) == connect(folder)
    assert query(stores, "SELECT current_database(), current_user") == [("mentoring", "app")]


def test_text_of_every_script_is_kept_in_an_empty_environment(stores, monkeypatch):
    for name in ("LANG", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPORT", "1")
    stores.start()

    assert query(stores, "SHOW server_encoding") == [("UTF8",)]
    assert query(stores, "SELECT lower('ÅŽ — 図書館')") == [("åž — 図書館",)]


def test_a_second_start_finds_its_data_again(durable_stores):
    durable_stores.start()
    query(durable_stores, "CREATE TABLE words AS SELECT 'kept' AS word")
    put(durable_stores, "kept")

    durable_stores.stop()
    durable_stores.start()

    assert query(durable_stores, "SELECT word FROM words") == [("kept",)]
    assert take(durable_stores) == "kept"


def test_nothing_answers_after_a_stop(stores, folder):
    stores.start()
    stores.stop()

    assert connect(folder) is None


def test_killed_servers_come_back_with_what_was_committed(durable_stores):
    durable_stores.start()
    query(durable_stores, "CREATE TABLE words AS SELECT 'kept' AS word")
    for server in durable_stores.servers:
        os.kill(server.program.process.pid, signal.SIGKILL)
        server.program.process.wait()

    for server in durable_stores.servers:
        assert not server.alive()
        server.start()

    assert query(durable_stores, "SELECT word FROM words") == [("kept",)]
    put(durable_stores, "heard")
    assert take(durable_stores) == "heard"


def test_the_pid_of_another_program_in_a_stale_pid_file_stops_nobody(stores):
    stores.start()
    pid_file = stores.places.postgres_data / "postmaster.pid"
    written = pid_file.read_text().splitlines()
    stores.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *written[1:], ""]))

    stores.start()

    assert query(stores, "SELECT 1") == [(1,)]


def test_the_servers_of_a_killed_owner_end_and_the_next_owner_finds_the_data(durable_stores, folder):
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout.readline() == "started\n"
    query(durable_stores, "CREATE TABLE words AS SELECT 'kept' AS word")

    owner.kill()
    owner.communicate()
    durable_stores.start()

    assert query(durable_stores, "SELECT word FROM words") == [("kept",)]


def test_a_second_owner_is_refused_while_the_first_lives(stores, folder):
    stores.start()

    with pytest.raises(StoreError, match=f"already runs from {folder} .process {os.getpid()}"):
        Stores(folder).start()

    assert query(stores, "SELECT 1") == [(1,)]


def test_two_folders_run_side_by_side(stores, folder):
    other = Stores(folder.parent / "other", durable=False)
    try:
        stores.start()
        other.start()
        query(stores, "CREATE TABLE words AS SELECT 'mine' AS word")
        put(stores, "mine")
        put(other, "theirs")

        assert query(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'words'") == [(0,)]
        assert (take(stores), take(other)) == ("mine", "theirs")
    finally:
        other.remove()


@pytest.mark.parametrize("name", ["x" * 100, "Zoë, her library"])
def test_a_folder_whose_name_no_socket_could_carry_still_works(folder, name):
    stores = Stores(folder / name, durable=False)
    try:
        stores.start()

        assert stores.places.run.parent.name == "tmp"
        assert query(stores, "SELECT 1") == [(1,)]
        put(stores, "heard")
        assert take(stores) == "heard"
    finally:
        stores.remove()


def test_a_folder_closed_to_others_still_works_and_stays_closed(folder):
    folder.mkdir(mode=0o700)
    stores = Stores(folder, durable=False)
    try:
        stores.start()

        assert query(stores, "SELECT 1") == [(1,)]
        assert (stores.places.state == folder) == (os.geteuid() != 0)
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        stores.remove()
    assert not stores.places.state.exists()


def test_only_the_server_that_is_missing_is_started(folder):
    stores = Stores(folder, durable=False, database=False)
    try:
        stores.start()

        assert [server.name for server in stores.servers] == ["valkey"]
        put(stores, "heard")
        assert take(stores) == "heard"
        assert not stores.places.postgres_data.exists()
    finally:
        stores.remove()


def test_data_of_another_postgresql_is_refused_in_plain_words(stores):
    stores.start()
    stores.stop()
    (stores.places.postgres_data / "PG_VERSION").write_text("9\n")

    with pytest.raises(StoreError, match="was written by PostgreSQL 9, not by"):
        stores.start()


def test_a_reset_begins_anew_but_not_while_someone_runs_it(stores, folder, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    stores.start()
    query(stores, "CREATE TABLE words AS SELECT 'old' AS word")
    (folder / "notes.txt").write_text("not of the demo")
    with pytest.raises(StoreError, match="already runs from"):
        reset(folder)
    stores.stop()

    reset(folder)
    stores.start()

    assert query(stores, "SELECT count(*) FROM pg_tables WHERE tablename = 'words'") == [(0,)]
    assert (folder / "notes.txt").read_text() == "not of the demo"


def query(stores, sql):
    """The rows of one statement, or None when it has none."""
    named = dj_database_url.parse(stores.database_url)
    connection = psycopg2.connect(host=named["HOST"], port=named["PORT"], user=named["USER"], dbname=named["NAME"])
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def put(stores, word):
    with Connection(stores.redis_url) as connection, connection.SimpleQueue("words") as queue:
        queue.put(word)


def take(stores):
    with Connection(stores.redis_url) as connection, connection.SimpleQueue("words") as queue:
        message = queue.get(timeout=2)
        message.ack()
        return message.payload
