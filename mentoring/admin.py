"""The programme admin: Django's own, in our look, entered by the same sign-in as everything else."""

from functools import update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.admin import HouseAdmin
from mentoring import email_admin, programme_pages
from mentoring.belonging import programme_of
from programmes import audit

# Django's pages that we do not have: passwords change under Sign-in and security alone, and “view on site” tells the
# address, and with it the title, of any page of a portfolio.
_LEFT_OUT = {"password_change", "password_change_done", "view_on_site"}


class ProgrammeAdminSite(AdminSite):
    site_header = format_lazy(_("{name} · Programme admin"), name=lazystr(settings.SITE_NAME))
    site_title = _("Programme admin")
    index_title = _("What you look after")
    site_url = "/home/"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Pages that other packages bring know nothing of who looks after whom: they stay out."""
        if admin_class and issubclass(admin_class, HouseAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def record(self, verb, thing, *, by):
        """Write what was done on one of our pages into the log of the programme that the thing belongs to."""
        audit.record(verb, thing, by=by, programme=programme_of(thing, by=by))

    def get_urls(self):
        urls = [url for url in super().get_urls() if getattr(url, "name", None) not in _LEFT_OUT]
        ours = [path("email/health/", self.admin_view(self.email_health), name="email_health")]
        return [*ours, *programme_pages.patterns(self), *urls]

    def email_health(self, request):
        return email_admin.email_health(request, self)

    def each_context(self, request):
        """Every page says when email is late."""
        return {**super().each_context(request), "late_email": email_admin.late_email(request.user)}

    def get_app_list(self, request, app_label=None):
        """Our own pages stand first, and one beside the list of emails."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "notifications" and request.user.has_perm(email_admin.LOOK):
                app["models"].append(
                    {
                        "name": _("How email is doing"),
                        "object_name": "EmailHealth",
                        "admin_url": reverse("admin:email_health"),
                        "add_url": None,
                        "view_only": True,
                    }
                )
        return apps if app_label else [*programme_pages.as_app(request.user), *apps]

    def admin_view(self, view, cacheable=False):
        """For somebody signed in who does not run a programme there is nothing here."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    @method_decorator([never_cache, login_not_required])
    def login(self, request, extra_context=None):
        """There is one way to sign in, with its limits: ours."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")
