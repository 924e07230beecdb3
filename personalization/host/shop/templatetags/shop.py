"""How the demo shop writes prices."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

register = template.Library()


@register.filter
def euros(cents: int) -> str:
    """149900 -> €1,499.00, or 1.499,00 € on a German page."""
    number = number_format(cents / 100, decimal_pos=2, force_grouping=True)
    return f"{number}\u00a0€" if (get_language() or "").startswith("de") else f"€{number}"
