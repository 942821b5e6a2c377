from django.db import models


class Programme(models.Model):
    """The app's table, seen from outside: the bare view reads one row of it."""

    name = models.CharField(max_length=120)

    class Meta:
        managed = False
        db_table = "programmes_programme"

    def __str__(self):
        return self.name
