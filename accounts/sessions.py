"""Where the settings look for sessions: Django's own in the database, read by SQL that is made once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.compiled import Compiled, Given


class SessionStore(db.SessionStore):
    def load(self):
        found = _sessions(key=self.session_key, now=timezone.now())
        if found:
            return self.decode(found[0].session_data)
        self._session_key = None
        return {}


_sessions = Compiled(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")).values("session_data")
)
