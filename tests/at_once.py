from threading import Barrier, Thread

from django.db import connection


def all_at_once(calls):
    """Run `calls` in as many threads, each with a connection of its own. Returns what came of each, by kind."""
    barrier, results = Barrier(len(calls)), []

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
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
