from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Planning templates, meetings, plans, notes and actions. Portfolios and meetings never import each other."""

    name = "meetings"

    def ready(self):
        from meetings import notices
        from meetings.replies import reply_to_meeting, take_calendar_answer
        from notifications.notices import register

        register(
            *notices.ALL,
            replies={"meeting": reply_to_meeting},
            calendar_answers={"meeting": take_calendar_answer},
        )
