"""The programme admin: Django's own, in our look, entered by the same sign-in as everything else."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class ProgrammeAdminSite(AdminSite):
    site_header = format_lazy(_("{name} · Programme admin"), name=lazystr(settings.SITE_NAME))
    site_title = _("Programme admin")
    index_title = _("What you look after")
    site_url = "/home/"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.login = secure_admin_login(self.login)
