"""Wake a worker. Never needed for correctness: the beat tick finds what a lost wake-up left behind."""

import logging

from celery import current_app

logger = logging.getLogger(__name__)

# A page must answer also while Redis is frozen: this is how long it waits for it, in seconds.
PATIENCE = 0.2


def deliver_soon() -> None:
    """Ask a worker to look at the outbox now."""
    soon("notifications.tasks.deliver_due_email", expires=30)


def soon(task: str, *args, **options) -> None:
    """Ask a worker to run a task now; gives up at once when the broker does not answer."""
    try:
        with _impatient_connection() as connection:
            current_app.send_task(task, args, connection=connection, retry=False, **options)
    except Exception as error:  # whatever the broker's client raises: the work is late, the page is not
        logger.warning("The queue did not answer (%s); %s waits for the next tick.", type(error).__name__, task)


def queue_answers() -> bool:
    """Whether the broker answers within our patience."""
    try:
        with _impatient_connection() as connection:
            connection.default_channel.client.ping()
    except Exception:  # as above
        return False
    return True


def _impatient_connection():
    connection = current_app.connection_for_write()
    connection.transport_options = {
        **connection.transport_options,
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        "max_retries": 0,
        "retry_on_timeout": False,
    }
    return connection
