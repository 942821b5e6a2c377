"""Where a day begins for a person."""

from datetime import date, datetime, time

from notifications.scheduling import zone_of


def beginning_of(day: date, person) -> datetime:
    """Midnight, in the person's zone."""
    return datetime.combine(day, time(), tzinfo=zone_of(person))


def today_of(person, now: datetime) -> date:
    return now.astimezone(zone_of(person)).date()
