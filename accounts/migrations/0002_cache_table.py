from django.core.management import call_command
from django.db import migrations


def make_cache_table(apps, schema_editor):
    """Rate limits are counted in Postgres; one `migrate` brings all that the database needs."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make_cache_table, migrations.RunPython.noop, elidable=False)]
