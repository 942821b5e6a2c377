from threading import Barrier, Thread

from django.db import connection, transaction


def all_at_once(calls):
    """Run `calls` in as many threads, each with a connection of its own. Returns what came of each, by kind."""
    barrier, results = Barrier(len(calls)), []

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            call()
            results.append("done")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return {kind: results.count(kind) for kind in sorted(set(results))}


def in_a_queue(rows, calls):
    """Run `calls` in threads of their own while `rows` (a QuerySet) are locked: each begins once those before it wait.
    Then the rows are let go of. Returns what came of each, in order."""
    results = [None] * len(calls)

    def run(place, call):
        try:
            call()
            results[place] = "done"
        except Exception as error:
            results[place] = type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    with transaction.atomic():
        list(rows.select_for_update(of=("self",)))
        for number, thread in enumerate(threads, 1):
            thread.start()
            while thread.is_alive() and _waiting() < number:
                thread.join(timeout=0.02)
    for thread in threads:
        thread.join(timeout=60)
    return results


def _waiting():
    """How many connections to this database wait for a lock: those of another test process have one of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
