from django.shortcuts import get_object_or_404, render
from django.urls import path

from bench.bare.models import Programme


def bare(request, pk):
    """One SELECT by primary key and a template of 570 bytes."""
    return render(request, "bare.html", {"programme": get_object_or_404(Programme, pk=pk)})


urlpatterns = [path("<int:pk>/", bare)]
