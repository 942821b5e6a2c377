from django.urls import path

from files import views

urlpatterns = [path("settings/photo/", views.photo, name="photo")]
