from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def days_until(since, now) -> str:
    """“19 days”: how long it is from one moment to the other."""
    days = (now - since) // timedelta(days=1)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days > 0 else _("less than a day")
