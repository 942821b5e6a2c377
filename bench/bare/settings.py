"""The least that Django needs to answer: what a page costs is told in views of this kind."""

import os

import dj_database_url

SECRET_KEY = "known-to-everybody"  # noqa: S105 - nothing is signed here
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["bench.bare"]
MIDDLEWARE = []
ROOT_URLCONF = "bench.bare.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=None)}
