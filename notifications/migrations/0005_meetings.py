from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_holds")]

    operations = [
        migrations.AddField(
            model_name="preference",
            name="meetings",
            field=models.CharField(
                choices=[("now", "Soon"), ("bundled", "Bundled"), ("weekly", "Once a week"), ("off", "Off")],
                db_default="bundled",
                default="bundled",
                max_length=7,
                verbose_name="meetings",
            ),
        ),
    ]
