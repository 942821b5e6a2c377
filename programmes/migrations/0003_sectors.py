from django.db import migrations

# A sector was a word of one's profile; now each programme keeps its own list.
_SECTORS = """
INSERT INTO programmes_sector (programme_id, name, position)
SELECT DISTINCT enrolment.programme_id, profile.sector, 0
FROM programmes_enrolment enrolment JOIN accounts_profile profile ON profile.user_id = enrolment.person_id
WHERE profile.sector <> ''
"""
_CHOSEN = """
UPDATE programmes_enrolment enrolment SET sector_id = sector.id
FROM accounts_profile profile, programmes_sector sector
WHERE profile.user_id = enrolment.person_id
  AND sector.programme_id = enrolment.programme_id AND sector.name = profile.sector
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_joining_and_rules"), ("accounts", "0004_photo")]

    operations = [
        migrations.RunSQL(_SECTORS, migrations.RunSQL.noop),
        migrations.RunSQL(_CHOSEN, migrations.RunSQL.noop),
    ]
