from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"

    def ready(self):
        from notifications.notices import register
        from programmes import notices

        register(*notices.ALL)
