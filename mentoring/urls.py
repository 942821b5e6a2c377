from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from meetings import urls as meetings
from mentoring import confidence, email_settings, front, health, home, mentees, new, pairing_page, plan_page, prepare

urlpatterns = [
    path("", front.front, name="front"),
    path("how-it-works/", front.how_it_works, name="how_it_works"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("privacy/", front.privacy, name="privacy"),
    path("health/", health.health, name="health"),
    path("home/", home.home, name="home"),
    path("new/", new.new, name="new"),
    path("new/seen/", new.seen, name="new_seen"),
    path("new/kept/", new.keep, name="new_kept"),
    path("new/earlier/", new.earlier_things, name="new_earlier"),
    path("settings/emails/", email_settings.emails, name="emails"),
    path("settings/emails/pause/", email_settings.end_pause, name="emails_pause"),
    path("mentees/", mentees.mentees, name="mentees"),
    path("welcome/", include("mentoring.welcome.urls")),
    path("pairings/<slug:pairing_slug>/", pairing_page.pairing, name="pairing"),
    path("pairings/<slug:pairing_slug>/confidence/", confidence.confidence, name="confidence"),
    path("", include("accounts.urls")),
    path("", include("files.urls")),
    path("pairings/<slug:pairing_slug>/meetings/<slug:meeting_slug>/prepare/", prepare.prepare, name="prepare"),
    path("", include(([*meetings.urlpatterns, plan_page.ROUTE], meetings.app_name))),
    path("", include("portfolios.urls")),
    path("", include("notifications.urls")),
    path("", include("pairings.urls")),
    path("", include("programmes.urls")),
    path("admin/", admin.site.urls),
]

if settings.ANYMAIL_PROVIDER:
    from notifications.inbound import hosted

    urlpatterns += [path("mail/", include((hosted.patterns(settings.ANYMAIL_PROVIDER), "mail")))]

if settings.DEMO:
    urlpatterns += [path("demo/", include("mentoring.demo.urls"))]
