"""The few pages that anybody may read."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def front(request):
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "mentoring/front.html")


@require_safe
@login_not_required
def how_it_works(request):
    return render(request, "mentoring/how_it_works.html")


@require_safe
@login_not_required
def accessibility(request):
    return render(request, "mentoring/accessibility.html")


@require_safe
@login_not_required
def privacy(request):
    return render(request, "mentoring/privacy.html")
