"""Money: between the number that people write and integer minor units."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

# ISO 4217: currencies whose minor unit is not a hundredth.
_WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS: Final = {
    **dict.fromkeys(_WITHOUT.split(" "), 0),
    **dict.fromkeys(_THOUSANDTHS.split(" "), 3),
    "CLF": 4,
    "UYW": 4,
}
SCALES: Final = (1.0, 10.0, 100.0, 1000.0, 10_000.0)  # by decimals
COMMON, CLOSE = 1e6, 1e-6
MOST: Final = 10**15  # minor units; far below 2^53, so that floats stay exact


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return EXPONENTS.get(currency, 2)


def to_minor(amount: float | Decimal | int, currency: str) -> int:
    """12.34 EUR -> 1234; what is finer than a minor unit is rounded to the nearest, half to even.

    A float stands for the shortest number that people would write for it; of a common one that is
    a whole number of minor units, but for its last bits, no decimal is made.
    """
    if isinstance(amount, float) and -COMMON < amount < COMMON:
        scaled = amount * SCALES[exponent(currency)]
        whole = round(scaled)
        if -CLOSE < scaled - whole < CLOSE:
            return whole
    exact = Decimal(repr(amount)) if isinstance(amount, float) else Decimal(amount)
    return int(exact.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_EVEN))


def to_major(minor: int, currency: str) -> float:
    """1234 EUR -> 12.34, for comparing and for showing."""
    return minor / float(10 ** exponent(currency))
