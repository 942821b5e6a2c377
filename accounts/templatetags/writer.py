"""A form says who wrote it: another person may be signed in when it arrives."""

from django import template

from accounts.rescue import signature

register = template.Library()
register.filter("signature", signature)
