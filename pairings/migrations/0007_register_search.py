import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# What parts words: as in pairings.rules, which tests hold against it.
SEPARATORS = r"[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f]+"
FOLDED = rf"""
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(
    lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]+', '', 'g')), '{SEPARATORS}', ' ', 'g'
  ), ' ')
$$
"""
WORDS = """
CREATE FUNCTION register_words(offer bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT to_tsvector('simple', folded(concat_ws(
    ' ', person.name, profile.job_title, profile.employer, profile.place, profile.about, own.how_i_work, own.can_help
  )))
  FROM pairings_mentoroffer own
  JOIN programmes_enrolment part ON part.id = own.enrolment_id
  JOIN accounts_user person ON person.id = part.person_id
  LEFT JOIN accounts_profile profile ON profile.user_id = person.id
  WHERE own.id = offer
$$
"""
OFFER_SAID = """
CREATE FUNCTION register_offer_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pairings_registerentry (offer_id, words) VALUES (NEW.id, register_words(NEW.id))
  ON CONFLICT (offer_id) DO UPDATE SET words = EXCLUDED.words;
  RETURN NULL;
END $$
"""
PERSON_SAID = """
CREATE FUNCTION register_person_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE pairings_registerentry entry SET words = register_words(entry.offer_id)
  FROM pairings_mentoroffer own JOIN programmes_enrolment part ON part.id = own.enrolment_id
  WHERE own.id = entry.offer_id AND part.person_id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
  RETURN NULL;
END $$
"""
TRIGGERS = {
    "register_offer_said": "INSERT OR UPDATE OF how_i_work, can_help ON pairings_mentoroffer"
    " FOR EACH ROW EXECUTE FUNCTION register_offer_said()",
    "register_name_said": "UPDATE OF name ON accounts_user FOR EACH ROW EXECUTE FUNCTION register_person_said('id')",
    "register_profile_said": "INSERT OR UPDATE OF job_title, employer, place, about ON accounts_profile"
    " FOR EACH ROW EXECUTE FUNCTION register_person_said('user_id')",
}
INDEXES = {
    "register_people": "accounts_user (folded(name))",
    "register_gone": "accounts_user (id) WHERE NOT is_active",
    "register_employers": "accounts_profile (folded(employer))",
}


def _trigger(name, what):
    table = what.partition(" ON ")[2].partition(" ")[0]
    return migrations.RunSQL(f"CREATE TRIGGER {name} AFTER {what}", f"DROP TRIGGER {name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0006_kind_notes"),
        ("accounts", "0005_pairing_people"),
    ]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION folded(text)"),
        *[migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()],
        migrations.CreateModel(
            name="RegisterEntry",
            fields=[
                (
                    "offer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="pairings.mentoroffer",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="register_words")],
            },
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION register_words(bigint)"),
        migrations.RunSQL(OFFER_SAID, "DROP FUNCTION register_offer_said()"),
        migrations.RunSQL(PERSON_SAID, "DROP FUNCTION register_person_said()"),
        *[_trigger(name, what) for name, what in TRIGGERS.items()],
        migrations.RunSQL(
            "INSERT INTO pairings_registerentry SELECT id, register_words(id) FROM pairings_mentoroffer",
            migrations.RunSQL.noop,
        ),
    ]
