from django import template

from portfolios.starters import questions_for

register = template.Library()
register.filter("questions_for", questions_for)
