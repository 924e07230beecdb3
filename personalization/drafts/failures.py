"""Why an order ended without drafts: a code for machines, a sentence with the remedy for people.

`docs/generated-copy.md` lists them; a test holds the list against this one.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from personalization.exceptions import Refusal

FAILURES: Final[Mapping[str, str | Promise]] = {
    "timeout": _("The model did not answer in time. Ask again later."),
    "rate_limited": _("The model's server takes no more calls for now. Ask again later."),
    "server_error": _("The model's server failed. Ask again later; if it stays, ask its operator."),
    "cut": _("The connection broke before the answer was whole. Ask again."),
    "unreachable": _("The model's server cannot be reached. Is OPENAI_BASE_URL right?"),
    "empty": _("The model answered nothing. Ask again, perhaps with a clearer goal."),
    "not_json": _("The model did not answer in the form that was asked for. Ask again."),
    "wrong_form": _("The model's answer does not fit the block. Ask again."),
    "too_long": _("The model's answer was far too long and was cut off. Nothing of it is kept."),
    "declined": _("The model declined to write this. Look at the goal and the facts."),
    "tool_call": _("The model wanted to use a tool. It has none; nothing was run. Ask again."),
    "no_picture": _("What the model sent is no picture that browsers show. Ask again."),
    "refused": _("The model's server refused the call. Whoever runs this looks at its settings."),
    "budget": _("The monthly budget for copy is used up. Raise it, or wait for the next month."),
    "no_writer": _("No model is connected. Whoever runs this server sets OPENAI_API_KEY."),
    "no_client": _("The workers lack the openai client. Whoever runs this installs “write”."),
    "block_gone": _("The block that this was for is gone. Choose another one in a new brief."),
    "item_gone": _("The item that this was about is gone from the catalogue."),
    "nothing_to_write": _("This block has no texts that a model may write. Choose another one."),
    "given_up": _("Every worker that took this up died. Ask again; the log says more."),
}


class Unwritten(Refusal):
    """An order that ends without drafts, for one of the reasons above."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(str(FAILURES[code]) + (f" ({detail})" if detail else ""))
        self.code = code
