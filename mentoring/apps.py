from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.models.signals import post_migrate


class ShellConfig(AppConfig):
    name = "mentoring"

    def ready(self):
        from mentoring.roles import keep_groups

        # Permissions exist only after a migrate; keeping the groups there is Django's own way.
        post_migrate.connect(keep_groups, sender=self)


class AdminConfig(DjangoAdminConfig):
    default_site = "mentoring.admin.ProgrammeAdminSite"
