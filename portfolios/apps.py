from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"

    def ready(self):
        from notifications.notices import register
        from portfolios import notices
        from portfolios.replies import reply_to_page

        register(notices.PAGE_SHARED, notices.COMMENTED, replies={"page": reply_to_page})
