"""The Sec-GPC header: exactly `1`, by the shared vectors."""

import json

from hypothesis import given
from hypothesis import strategies as st

from personalization.govern.gpc import opted_out, opts_out
from rules.purposes import Purpose


def test_the_shared_vectors_hold(shared):
    for case in json.loads(shared("gpc_vectors.json").read_text(encoding="utf-8"))["cases"]:
        joined = case.get("joined", ",".join(case["headers"])) if case["headers"] else None

        assert opts_out(joined) is case["gpc"], case


@given(st.lists(st.text()))
def test_one_exact_value_among_others_is_enough(others):
    assert opts_out(",".join([*others, "1"]))


def test_a_site_may_let_it_opt_out_of_more(site):
    always = {Purpose.TRAINING, Purpose.PROFILING_AI}
    assert opted_out(site) == always

    site.gpc_opts_out = ["analytics"]

    assert opted_out(site) == always | {Purpose.ANALYTICS}
