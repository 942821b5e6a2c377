from django.apps import AppConfig


class PairingsConfig(AppConfig):
    name = "pairings"

    def ready(self):
        from notifications.notices import register
        from pairings import notices
        from pairings.replies import reply_to_message

        register(*notices.ALL, replies={"pairing": reply_to_message})
