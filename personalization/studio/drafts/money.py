"""Money as the writers count it: millionths of the currency that prices of models are given in."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MILLION = 1_000_000


def money(millionths: int) -> str:
    """12.34; what is less than a hundredth, to its first two digits that count."""
    value = millionths / MILLION
    if value == 0 or value >= 0.1:
        return number_format(value, decimal_pos=2, force_grouping=True)
    if millionths < 100:
        return _("less than %s") % number_format(0.0001, decimal_pos=4)
    return number_format(value, decimal_pos=4)
