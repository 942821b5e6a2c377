from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The private file store: what it takes, how much of it, and how it is served. Photos are its first files."""

    name = "files"
