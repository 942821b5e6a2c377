from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS

from accounts.compiled import Compiled, Given
from accounts.models import Profile, User


class EmailBackend(AuthenticationBackend):
    """Signs in by email; the profile comes with the person, since every page needs their zone and theme."""

    def get_user(self, user_id):
        found = _people(pk=user_id)
        user = _with_profile(found[0]) if found else None
        return user if user and self.user_can_authenticate(user) else None


def _with_profile(row):
    """Both models as a QuerySet would have made them."""
    user = User.from_db(DEFAULT_DB_ALIAS, USER_FIELDS, row[: len(USER_FIELDS)])
    profile = Profile.from_db(DEFAULT_DB_ALIAS, PROFILE_FIELDS, row[len(USER_FIELDS) :])
    profile.user = user
    return user


def _fields(model):
    return [field.attname for field in model._meta.concrete_fields]


USER_FIELDS = _fields(User)
PROFILE_FIELDS = _fields(Profile)

_people = Compiled(
    lambda: User.objects.filter(pk=Given("pk"), profile__isnull=False).values(
        *USER_FIELDS, *(f"profile__{name}" for name in PROFILE_FIELDS)
    )
)
