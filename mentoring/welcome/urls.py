from django.urls import path

from mentoring.welcome import views

urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("you/", views.you, name="welcome_you"),
    path("role/", views.role, name="welcome_role"),
    path("places/", views.places, name="welcome_places"),
    path("hopes/", views.hopes, name="welcome_hopes"),
    path("check/", views.check, name="welcome_check"),
]
