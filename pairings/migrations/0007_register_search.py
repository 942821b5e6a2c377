from django.db import migrations

# What parts words: as in pairings.rules, which tests hold against it.
SEPARATORS = r"[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f]+"
FOLDED = rf"""
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(
    lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]+', '', 'g')), '{SEPARATORS}', ' ', 'g'
  ), ' ')
$$
"""
SAID = "USING gin (to_tsvector('simple'::regconfig, folded({})))"
INDEXES = {
    "register_names": "accounts_user " + SAID.format("name"),
    "register_profiles": "accounts_profile "
    + SAID.format("job_title || ' ' || employer || ' ' || place || ' ' || about"),
    "register_offers": "pairings_mentoroffer " + SAID.format("how_i_work || ' ' || can_help"),
    "register_people": "accounts_user (folded(name))",
    "register_employers": "accounts_profile (folded(employer))",
}


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0006_kind_notes"),
        ("accounts", "0005_pairing_people"),
    ]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION folded(text)"),
        *[
            migrations.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}")
            for name, what in INDEXES.items()
        ],
    ]
