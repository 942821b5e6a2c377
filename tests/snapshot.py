"""The rows of a whole database, kept in memory and put back: sooner than making them again for each test."""

from io import BytesIO

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from psycopg2.extensions import quote_ident


class Snapshot:
    """All rows as they are now. For tests that commit: what others see is put back, too."""

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
        with connection.cursor() as cursor:
            # Nothing may still be left to check in what is taken away.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            # No trigger acts: what they wrote then is among the rows.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"TRUNCATE {', '.join(self._tables)}")
            for table, rows in self._tables.items():
                rows.seek(0)
                cursor.cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT binary)", rows)
            for name, value in self._sequences:
                cursor.execute("SELECT setval(quote_ident(%s), %s)", [name, value])
        ContentType.objects.clear_cache()
