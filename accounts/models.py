"""The person: who they are, how they like to see and hear things, and words of theirs that are on their way."""

import zoneinfo
from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.slugs import MAX_LENGTH


class UserManager(BaseUserManager):
    @transaction.atomic
    def create_user(self, email, password=None, **fields):
        """Make a person with their profile. The email is kept in lower case: it signs in."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        Profile.objects.using(self._db).create(user=user)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


# What a person may do here is followed; when they last signed in, or what they are called, is not.
@pghistory.track(fields=["is_active", "is_staff", "is_superuser"], model_name="UserEvent")
class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    known_as = models.CharField(
        _("known as"), max_length=60, blank=True, help_text=_("What others call you in messages and emails.")
    )
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_per_email",
                violation_error_message=_("Somebody has this email address already."),
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return str(self)

    @property
    def first_name(self):
        """What to call them: the name they chose, else the first word of their name."""
        return self.known_as or (self.name.split() or [self.email])[0]

    get_short_name = first_name.fget

    @property
    def initials(self):
        """One or two letters for an avatar."""
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def photo(self):
        """The public id of their picture, for an avatar; None without one, and where their profile was not fetched: an
        avatar is not worth a query."""
        profile = self._state.fields_cache.get("profile")
        return profile.photo if profile else None


class Profile(models.Model):
    class Theme(models.TextChoices):
        DEVICE = "", _("Follow my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Letters(models.TextChoices):
        STANDARD = "", _("Standard letters")
        EASY = "easy", _("Easier letters")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    slug = models.SlugField(max_length=MAX_LENGTH + 10, unique=True, null=True, blank=True)
    about = models.TextField(_("about you"), blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    between_jobs = models.BooleanField(_("I’m between jobs"), default=False)
    place = models.CharField(_("place"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    theme = models.CharField(_("colours"), max_length=5, choices=Theme.choices, blank=True)
    letters = models.CharField(_("letters"), max_length=4, choices=Letters.choices, blank=True)
    # The public id of a file: accounts know nothing of files, which write it here (files.actions.set_photo).
    photo = models.UUIDField(null=True, blank=True, editable=False)

    def __str__(self):
        return str(self.user)

    @property
    def zone(self):
        """The person's `ZoneInfo`; the programme's own when they have not said, or said one that is not known (here, or
        any more)."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone or settings.DEFAULT_PERSON_TIME_ZONE)
        except (KeyError, ValueError, OSError):
            return zoneinfo.ZoneInfo(settings.DEFAULT_PERSON_TIME_ZONE)

    @property
    def zone_name(self):
        """The city of the zone, for people: “London time” reads better than “Europe/London”."""
        return self.zone.key.rsplit("/", 1)[-1].replace("_", " ")


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, model_name="UserGroupEvent")
class UserGroup(User.groups.through):
    """Who was put in, or taken out of, which group: followed, because a group grants rights in the admin."""

    class Meta:
        proxy = True


class DraftQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(person=user)


class Draft(models.Model):
    """Half-written words of one form (`accounts.drafts`): nobody but their writer ever reads them.

    `fields` is field name → text, empty once the form was sent; `saves` only grows, so that a stale tab is noticed.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    key = models.SlugField(max_length=100)
    fields = models.JSONField(default=dict)
    saves = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_draft_per_form")]

    def __str__(self):
        return f"draft {self.key} of person {self.person_id}"


class SentForm(models.Model):
    """That a form was sent (`accounts.once`): `digest` is of its words, `url` where the first sending led."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    digest = models.CharField(max_length=64)
    url = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "token", "digest"], name="one_effect_per_form")]

    def __str__(self):
        return f"form sent by person {self.person_id}"


class KeptPostQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(person=user, at__gt=timezone.now() - KeptPost.LIFETIME)


class KeptPost(models.Model):
    """A form that came without a session, or with a stale token: held for its writer's return (`accounts.rescue`)."""

    LIFETIME = timedelta(minutes=30)

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64)
    path = models.CharField(max_length=500)
    words = models.TextField()
    had_files = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = KeptPostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["token", "path"], name="kept_post_by_token")]

    def __str__(self):
        return f"form kept for person {self.person_id}"
