"""Settings, driven by the environment (docs/configure.md lists every variable).

With no DATABASE_URL or REDIS_URL the embedded servers under DATA_DIR are addressed, so the code has one path:
the same engines as in production. Outside demo mode nothing has a default that could surprise: a missing
variable stops the start and is named.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from files.places import place_for
from mentoring import embedded
from mentoring.secret import local_secret_key
from notifications.inbound import providers

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()

DEMO = os.environ.get("DEMO") == "1"

_REQUIRED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL")
_missing = [name for name in _REQUIRED if not os.environ.get(name)]
if _missing and not DEMO:
    raise ImproperlyConfigured(
        f"Please set {', '.join(_missing)} in the environment, or DEMO=1 to try the demo programme. "
        "docs/configure.md explains each."
    )

PORT = os.environ.get("PORT", "8000")
SITE_URL = (os.environ.get("SITE_URL") or f"http://localhost:{PORT}").rstrip("/")
SITE_NAME = os.environ.get("SITE_NAME") or ("Northmere" if DEMO else "Mentoring")
HTTPS = SITE_URL.startswith("https://")

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or local_secret_key(DATA_DIR)
ALLOWED_HOSTS = (os.environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "mentoring.apps.ShellConfig",
    "meetings",
    "portfolios",
    "pairings",
    "programmes",
    "notifications",
    "files",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_prose_editor",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "csp",
    "mentoring.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "mentoring.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "files.middleware.FilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.middleware.RescueMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mentoring.context.shell",
            ],
        },
    },
    # For the few parts that print a hundred small things at a time (*.jinja): Django's own engine takes ten times as
    # long. They are asked for by name, with using="jinja2".
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "mentoring.jinja.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Stores ---------------------------------------------------------------------------------------------------

_database_url, _redis_url = embedded.urls(DATA_DIR)
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or _database_url,
        conn_max_age=int(os.environ.get("DATABASE_CONN_MAX_AGE", "60")),
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits must hold over all web processes and survive a lost Redis: they stand in Postgres. Django's default of
# 300 entries would let anybody push a limit out by trying many addresses.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Parts of pages that are the same for many people, as templates' {% cache %} keeps them: gone with the process.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
SESSION_ENGINE = "accounts.sessions"

CELERY_BROKER_URL = os.environ.get("REDIS_URL") or _redis_url
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_keepalive": True}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Beat is only ever a wake-up: a tick that waited longer than its interval is worth nothing.
CELERY_BEAT_SCHEDULE = {
    "deliver-email": {
        "task": "notifications.tasks.deliver_due_email",
        "schedule": timedelta(seconds=5),
        "options": {"expires": 5},
    },
    "make-forgotten-comparisons": {
        "task": "portfolios.tasks.make_forgotten_comparisons",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "forget-orphans": {
        "task": "files.tasks.forget_orphans",
        "schedule": timedelta(hours=6),
        "options": {"expires": 3600},
    },
    "forget-old-sessions": {
        "task": "accounts.tasks.forget_old_sessions",
        "schedule": timedelta(hours=6),
        "options": {"expires": 3600},
    },
    "nudge-invitations": {
        "task": "programmes.tasks.nudge_invitations",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "chase-requests": {
        "task": "pairings.tasks.chase_requests",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "resume-pairings": {
        "task": "pairings.tasks.resume_pairings",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "ask-and-remind-pairs": {
        "task": "pairings.tasks.ask_and_remind_pairs",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "tell-quiet-pairs": {
        "task": "pairings.tasks.tell_quiet_pairs",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "hold-meetings": {
        "task": "meetings.tasks.hold_meetings",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "tell-due-reminders": {
        "task": "meetings.tasks.tell_due_reminders",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "age-notes": {
        "task": "meetings.tasks.age_notes",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "tell-due-actions": {
        "task": "meetings.tasks.tell_due_actions",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "write-monday-letters": {
        "task": "mentoring.tasks.write_monday_letters",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "take-up-match-runs": {
        "task": "pairings.tasks.take_up_match_runs",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "go-on-with-lists": {
        "task": "mentoring.tasks.go_on_with_lists",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "let-go-of-lists": {
        "task": "mentoring.tasks.let_go_of_lists",
        "schedule": timedelta(hours=6),
        "options": {"expires": 3600},
    },
    "let-go-of-kept-words": {
        "task": "accounts.tasks.let_go_of_kept_words",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
}

# Email ----------------------------------------------------------------------------------------------------

_EMAIL_KEYS = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD",
               "EMAIL_USE_TLS", "EMAIL_USE_SSL")  # fmt: skip
if os.environ.get("EMAIL_URL"):
    _email = dj_email_url.parse(os.environ["EMAIL_URL"])
    _email["EMAIL_BACKEND"] = _email["EMAIL_BACKEND"].replace("django.core.mail.backends.smtp", "notifications.smtp")
    globals().update({key: _email[key] for key in _EMAIL_KEYS if _email.get(key) is not None})
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "outbox"
EMAIL_TIMEOUT = 15  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("FROM_EMAIL") or f"mentoring@{urlsplit(SITE_URL).hostname}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# 0 sends at once and leaves quiet hours and the daily cap aside.
NOTICE_BUNDLE_MINUTES = int(os.environ.get("NOTICE_BUNDLE_MINUTES") or "30")

# Email that comes in --------------------------------------------------------------------------------------

# "reply+{key}@mentoring.example.org": where replies, unsubscriptions and bounces arrive. "" takes none.
INBOUND_ADDRESS = providers.pattern(os.environ.get("INBOUND_ADDRESS") or "")
# What one's own mail server calls itself in Authentication-Results.
INBOUND_AUTHSERV = os.environ.get("INBOUND_AUTHSERV") or ""
# A hosted service that brings email by webhook. What goes out goes by SMTP, with every one of them.
ANYMAIL_PROVIDER = os.environ.get("ANYMAIL_PROVIDER") or ""
ANYMAIL = providers.options(os.environ)
if ANYMAIL_PROVIDER:
    INSTALLED_APPS.append("anymail")

# People and signing in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "known_as")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"

ACCOUNT_ADAPTER = "mentoring.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.JoinForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.AgainForm",
    "add_email": "accounts.forms.ChangeEmailForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
# Only in the browser in which they joined: anybody else who gets hold of the link is not signed in by it.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6}
# How many of our own proxies stand in front. Addresses further left in X-Forwarded-For are the client's claim.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or "0")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Language and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Django's switch "for performance": with one language, looking for a translation of each string finds none, slowly.
USE_I18N = len(LANGUAGES) > 1
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_PERSON_TIME_ZONE = os.environ.get("TIME_ZONE") or "Europe/London"

# Static files ---------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Tests serve files from where they lie; everything else under names that carry their content's hash.
STATIC_PLAIN = os.environ.get("STATIC_PLAIN") == "1"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = STATIC_PLAIN
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_PLAIN
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Files ----------------------------------------------------------------------------------------------------

# Private: nothing serves them but files.serving, after a lookup.
_files = place_for(os.environ.get("FILES_URL") or "", os.environ.get("FILES_SERVED_BY") or "", DATA_DIR)
STORAGES |= {"default": _files.storage, "files": _files.storage}
FILES_SERVED_BY = _files.served_by
FILE_LIMITS = {"photo": 10 * 1024**2, "attachment": 20 * 1024**2}  # bytes of one file
FILE_QUOTA = int(os.environ.get("FILE_QUOTA_MB") or "500") * 1024**2  # bytes of all files of one person
FILE_UPLOAD_HANDLERS = ["files.uploads.UploadHandler"]

# Safety ---------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
# Other hosts of the domain are their owners' business: speaking for them is a choice (docs/configure.md).
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = os.environ.get("HSTS_WHOLE_DOMAIN") == "1"
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        # The hash is of the one style element that the prose editor adds for itself.
        "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF, "data:", *_files.picture_sources],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Audit ----------------------------------------------------------------------------------------------------

# Who and when, never what was written: only the models that ask for it are followed (programmes, pairings).
PGHISTORY_CONTEXT_FIELD_NULL = True
PGHISTORY_APPEND_ONLY = True
# Looking at something changes nothing that is followed: its SQL needs no word of who asks.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL") or "WARNING"},
}
