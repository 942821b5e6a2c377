from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"

    def ready(self):
        from notifications.notices import register
        from portfolios import notices

        register(notices.PAGE_SHARED, notices.COMMENTED)
