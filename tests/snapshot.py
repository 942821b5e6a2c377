"""The rows of a whole database, kept in memory and put back: sooner than making them again for each test."""

from io import BytesIO

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from psycopg2.extensions import quote_ident


class Snapshot:
    """All rows as they are now, for tests that commit and for those that are rolled back."""

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
            self._sequences = cursor.fetchall()
            names = sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"})
            self._tables = {quote_ident(name, cursor.cursor.connection): BytesIO() for name in names}
            for table, rows in self._tables.items():
                cursor.cursor.copy_expert(f"COPY {table} TO STDOUT (FORMAT binary)", rows)

    @transaction.atomic
    def put_back(self):
        # Nothing may still be left to check in what is taken away.
        connection.check_constraints()
        with connection.cursor() as cursor:
            # No trigger acts: what they wrote then is among the rows.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (TABLE {name})" for name in self._tables))
            # Sooner than to truncate, which gives all tables new files.
            cursor.execute("; ".join(f"DELETE FROM {name}" for (name,) in cursor.fetchall()) or "SELECT")
            for table, rows in self._tables.items():
                rows.seek(0)
                cursor.cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT binary)", rows)
            for name, value in self._sequences:
                cursor.execute("SELECT setval(quote_ident(%s), %s)", [name, value])
            cursor.execute("SET LOCAL session_replication_role = origin")
        ContentType.objects.clear_cache()
