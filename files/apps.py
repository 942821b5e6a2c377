from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The private file store. It gets its first files with profile photos and message attachments."""

    name = "files"
