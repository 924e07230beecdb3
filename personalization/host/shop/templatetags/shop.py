"""How the demo shop writes prices."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def euros(cents: int) -> str:
    """149900 -> € 1,499.00, in the language of the page."""
    return f"€\u202f{number_format(cents / 100, decimal_pos=2, force_grouping=True)}"
