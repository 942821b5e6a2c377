"""The site's routes with those of two hosted services, which it has only where one is chosen."""

from django.urls import include, path

from mentoring.urls import urlpatterns as ours
from notifications.inbound import hosted

urlpatterns = [
    path("mail/", include((hosted.patterns("mailgun"), "mailgun"))),
    path("mail/", include((hosted.patterns("postmark"), "postmark"))),
    *ours,
]
