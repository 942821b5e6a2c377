from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_calm_and_certain")]

    operations = [
        migrations.AddIndex("event", models.Index(fields=["thread"], name="event_thread")),
        migrations.AddIndex(
            "email",
            models.Index(fields=["created_at"], condition=Q(state="dropped"), name="email_dropped"),
        ),
        migrations.AddIndex(
            "email",
            models.Index(fields=["sent_at"], include=["person"], condition=Q(state="sent"), name="email_sent"),
        ),
    ]
