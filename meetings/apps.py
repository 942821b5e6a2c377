from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Planning templates, meetings, plans, notes and actions. Portfolios and meetings never import each other."""

    name = "meetings"
