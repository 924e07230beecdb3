"""What a brief would cost, beside what is left of the month's budget, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.drafts.failures import Unwritten
from personalization.drafts.models import Brief
from personalization.drafts.pricing import Estimate, estimate
from personalization.drafts.spending import Budget, budget_of
from personalization.figures import whole
from personalization.studio.drafts.money import money


@dataclass(frozen=True, slots=True)
class Price:
    """`refusal`: why it cannot be told."""

    estimate: Estimate | None
    budget: Budget
    refusal: str = ""

    @property
    def is_affordable(self) -> bool:
        return self.estimate is not None and self.estimate.cost <= self.budget.left

    @property
    def share_spent(self) -> int:
        return (
            min(100, round(100 * self.budget.spent / self.budget.limit))
            if self.budget.limit
            else 100
        )

    def in_words(self) -> str:
        if self.estimate is None:
            return self.refusal
        said = {
            "cost": money(self.estimate.cost),
            "most": money(self.estimate.at_most),
            "calls": self.estimate.calls,
            "tokens": whole(self.estimate.tokens_in + self.estimate.tokens_out),
        }
        return (
            ngettext(
                "About %(cost)s, at most %(most)s: %(calls)d call, some %(tokens)s tokens.",
                "About %(cost)s, at most %(most)s: %(calls)d calls, some %(tokens)s tokens.",
                self.estimate.calls,
            )
            % said
        )

    def left_in_words(self) -> str:
        said = {"left": money(self.budget.left), "limit": money(self.budget.limit)}
        return _("%(left)s of this month's %(limit)s are left.") % said


def price_of(brief: Brief) -> Price:
    budget = budget_of(brief.site)
    try:
        return Price(estimate(brief), budget)
    except Unwritten as refused:
        return Price(None, budget, refused.detail)
