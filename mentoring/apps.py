from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.models.signals import post_migrate


class ShellConfig(AppConfig):
    name = "mentoring"

    def ready(self):
        from mentoring.imports.notices import IMPORTED
        from mentoring.roles import keep_groups
        from notifications.notices import register

        register(IMPORTED)
        # Permissions are made app by app at the end of a migrate; when it is auth's turn, all of ours are there.
        post_migrate.connect(keep_groups, sender=apps.get_app_config("auth"))


class AdminConfig(DjangoAdminConfig):
    default_site = "mentoring.admin.ProgrammeAdminSite"
