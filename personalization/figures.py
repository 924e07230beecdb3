"""Figures as a person reads them, in the language of the page: “1,230”, “0.286”, “50 %”."""

from django.utils.formats import number_format


def whole(number: int) -> str:
    return number_format(number, force_grouping=True)


def decimal(number: float, places: int) -> str:
    return number_format(f"{number:.{places}f}", decimal_pos=places, force_grouping=True)


def percent(share: float) -> str:
    return f"{round(100 * share)} %"
