from django.apps import AppConfig
from django.conf import settings


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self):
        if settings.ANYMAIL_PROVIDER:
            from notifications.inbound import hosted

            hosted.connect()
