from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from mentoring import front, health, home, mentees, new

urlpatterns = [
    path("", front.front, name="front"),
    path("how-it-works/", front.how_it_works, name="how_it_works"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("privacy/", front.privacy, name="privacy"),
    path("health/", health.health, name="health"),
    path("home/", home.home, name="home"),
    path("new/", new.new, name="new"),
    path("mentees/", mentees.mentees, name="mentees"),
    path("", include("accounts.urls")),
    path("", include("portfolios.urls")),
    path("", include("notifications.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("mentoring.demo.urls"))]
