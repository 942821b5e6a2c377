"""PostgreSQL and a Redis-compatible server out of wheels, and the supervisor that `make run` starts.

Nothing in this package knows Django or the settings: it must run before they can be loaded.
"""

from pathlib import Path

from mentoring.embedded.places import places_for


def urls(data_dir: Path) -> tuple[str, str]:
    """Where the embedded servers of this data folder answer when they run: (database, queue).

    The database's in the form of dj-database-url, the queue's in the form of Celery. Nothing is started.
    """
    places = places_for(Path(data_dir))
    return places.database_url, places.redis_url
