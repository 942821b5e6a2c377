from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest, ValidationError
from django.forms import BaseInlineFormSet
from django.utils.text import capfirst


class HouseAdmin(admin.ModelAdmin):
    """What all our admin pages share: rows start from `administered_by`, and nobody deletes.

    Words belong to people and everything else refers to them; erasing a person is an action of its own.
    """

    def get_queryset(self, request):
        return self.administered_by(super().get_queryset(request), request.user)

    def administered_by(self, rows, user):
        return rows.administered_by(user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "administered_by"):
            kwargs.setdefault("queryset", rows.administered_by(request.user))
        if "queryset" in kwargs and not db_field.blank:
            found = kwargs["queryset"][:2]
            # A choice of one is none.
            kwargs.setdefault("initial", found[0] if len(found) == 1 else None)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Suggestions(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lookup_allowed(self, lookup, value, request):
        """Only the filters that the list shows: by any other, a password or a code could be guessed bit by bit."""
        return lookup.partition("__")[0] in map(_name, self.list_filter)

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def response_action(self, request, queryset):
        """What is chosen are keys, or somebody made it up."""
        if not all(key.isdecimal() for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, queryset)

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, request, obj, message):
        """Beside Django’s history of each row the site keeps a log; it knows to which programme a row belongs."""
        self.admin_site.record("added", obj, by=request.user)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self.admin_site.record("changed", obj, by=request.user)
        return super().log_change(request, obj, message)


class HouseFormSet(BaseInlineFormSet):
    """Django checks the rows of a page against each other alone; these, against all that is kept. And their boxes have
    names: the head of a column is none."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = capfirst(field.label)

    def clean(self):
        super().clean()
        for form in self.forms:
            if self.instance.pk and form.has_changed() and form.is_valid():
                try:
                    form.instance.validate_constraints()
                except ValidationError as amiss:
                    form.add_error(None, amiss)


class HouseInline(admin.TabularInline):
    """Rows that are kept on the page of what they belong to, which was looked up by `HouseAdmin`."""

    formset = HouseFormSet
    template = "admin/parts/rows.html"

    def has_delete_permission(self, request, obj=None):
        return False


class Suggestions(AutocompleteSelect):
    """Django's box that suggests as one types. It would look up, and fall over, whatever came in place of a key."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if str(key).isdecimal()], attr)


class LookOnlyAdmin(HouseAdmin):
    """Rows that the admin shows and nobody edits."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def _name(shown):
    """Of a filter in `list_filter`: a field, a field with a class of filters, or such a class alone."""
    return shown[0] if isinstance(shown, tuple) else getattr(shown, "parameter_name", shown)
