"""What signing in says when something is not right: in the place of allauth's own words."""

from django.utils.translation import gettext_lazy as _

ERRORS = {
    "account_inactive": _("This account is closed. Please ask your programme team."),
    "duplicate_email": _("That is the address you have already. Enter another one."),
    "email_password_mismatch": _("Check the email address and the password: they don’t fit together."),
    "email_taken": _("That address belongs to another account. Enter another one."),
    "enter_current_password": _("Check the password you use now: it isn’t right."),
    "incorrect_code": _("Check the code: it isn’t the one we sent last."),
    "incorrect_password": _("Check the password: it isn’t right."),
    "invalid_login": _("Check the email address and the password: they don’t fit together."),
    "invalid_or_expired_key": _("This link no longer works. Ask for a new one."),
    "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    "rate_limited": _("That was a lot at once. Wait a few minutes, then try again."),
    "same_as_current": _("That is the address you have already. Enter another one."),
    "too_many_login_attempts": _("That was tried too often. Wait a few minutes, then try again."),
    "unknown_email": _("There is no account with this address. Check it, or join."),
    "unverified_primary_email": _("Open the link we sent to that address first."),
}
