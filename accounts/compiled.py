"""Queries whose SQL is made once in a process: of a small query, making it takes longer than answering it."""

from collections import namedtuple

from django.db import connection
from django.db.models import BooleanField, Expression, Func


class Given(Expression):
    """Stands for a value that a `Compiled` query is told at each call, under this name."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Among(Func):
    """`filter(Among("pk", Given("ids")))`: the field is one of a list that is told at each call."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()


class Compiled:
    """For pages that everybody opens all the time; elsewhere a QuerySet will do.

    `make` is a function without arguments that returns a QuerySet of `values()`, with `Given` where a value differs
    from call to call. The query is called with those values by name, and returns named tuples as the database has
    them: no field's own conversion is done (JSON stays text).
    """

    def __init__(self, make):
        self._make = make
        self._sql = None

    def __call__(self, **values) -> list:
        if self._sql is None:
            self._compile()
        given = [values[param.name] if isinstance(param, Given) else param for param in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, given)
            return [self._row(*row) for row in cursor.fetchall()]

    def _compile(self):
        query = self._make().query
        sql, self._params = query.sql_with_params()
        self._row = namedtuple("Row", query.selected)
        self._sql = sql
