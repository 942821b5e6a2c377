from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rescue import words_sent
from files.actions import remove_photo, set_photo
from files.forms import PhotoForm
from files.types import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request):
    """The picture beside one's name: there, chosen, or taken away."""
    if "remove" in request.POST:
        remove_photo(request.user)
        messages.success(request, _("Removed. Your initials stand in its place."))
        return redirect(request.path)
    form = PhotoForm(words_sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            set_photo(request.user, form.cleaned_data["picture"])
        except Refused as refused:
            form.add_error("picture", str(refused))
        else:
            messages.success(request, _("Saved. This is how others see you."))
            return redirect(request.path)
    return render(request, "accounts/photo.html", {"form": form}, status=422 if form.errors else 200)
