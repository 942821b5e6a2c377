"""The app's own settings; a connection to the database is kept for good, as the bare view's is."""

from mentoring.settings import *  # noqa: F403
from mentoring.settings import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = None
