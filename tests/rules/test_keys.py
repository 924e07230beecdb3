"""What stands in an index sorts as the values do."""

from hypothesis import example, given
from hypothesis import strategies as st

from rules import number_key

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)


@given(one=numbers, other=numbers)
@example(one=0.0, other=-0.0)
@example(one=5e-324, other=-5e-324)
@example(one=-1.5, other=-1.25)
@example(one=3, other=3.0)
def test_keys_of_numbers_sort_as_the_numbers_and_fit_64_bits(one, other):
    mine, its = number_key(one), number_key(other)

    assert (mine < its, mine == its) == (one < other, one == other)
    assert -(2**63) <= mine < 2**63
    assert isinstance(mine, int)
