"""What a page costs, each row beside a bare view in the same run.

    python -m bench [row …]               for example: python -m bench page home
    ROWS=small python -m bench [row …]    without filling the database with 1,000,000 versions

The app and the bare view run under gunicorn (sync, two workers) against a PostgreSQL of their own that keeps what
it is told. One line a row; the exit code is 1 when a bound is missed. docs/develop.md tells how to read the table.
"""
