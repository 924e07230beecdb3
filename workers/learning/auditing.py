"""Whether a model serves one group of visitors as well as another, and whose items it shows.

In:  the lists that a model would have shown, what was right, and the groups that a site names.
Out: the part `audit` of a model's record. Of a visitor nothing is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workers.training.fairness import FEWEST, Document, Lists, by_providers, by_visitors
from workers.training.groups import Groups
from workers.training.interactions import Column
from workers.training.metrics import NAMES, Metrics, interval

NDCG, RECALL = NAMES.index("ndcg"), NAMES.index("recall")


@dataclass(frozen=True, slots=True)
class Audit:
    """What a site wants looked at, for one training run.

    `attributes`: visitors of the run in groups. `providers`: items in groups of who offers them.
    `reweighted`: the attribute whose small groups are to be heard as loudly as its largest.
    """

    attributes: Mapping[str, Groups] = field(default_factory=dict)
    provider: str = ""
    providers: Groups | None = None
    reweighted: str = ""

    def masks(self, visitors: Sequence[int]) -> dict[str, Column]:
        """Every group of every attribute, named as `GUARDED_GROUPS` may name it: "plan=free"."""
        return {
            f"{name}={label}": mask
            for name, groups in self.attributes.items()
            for label, mask in groups.masks(visitors).items()
        }


NOTHING = Audit()


def audited(
    audit: Audit,
    visitors: Sequence[int],
    lists: Lists,
    found: Metrics,
    plain: Metrics,
    touched: Column,
    head: Column,
) -> Document:
    """`plain`: how good popularity is. `touched`: visitors by item; `head`: the best known ones."""
    figures = {
        "ndcg": found.rows[:, NDCG],
        "recall": found.rows[:, RECALL],
        "popularity": plain.rows[:, NDCG],
        "well_known": np.asarray([head[list(shown)].mean() if shown else 0 for shown in lists]),
    }
    document: Document = {
        "attributes": {
            name: by_visitors(groups.masks(visitors), figures)
            for name, groups in audit.attributes.items()
        }
    }
    if audit.providers is not None and audit.providers.labels:
        shares = by_providers(lists, audit.providers, touched)
        document["providers"] = {"attribute": audit.provider, **shares}
    return document


def cost_of_weights(
    audit: Audit, visitors: Sequence[int], without: Metrics, reweighted: Metrics
) -> Document:
    """What the weights did to the quality of lists, for everyone and for each group, paired."""
    everyone = np.ones(len(visitors), bool)
    masks = {"": everyone, **audit.attributes[audit.reweighted].masks(visitors)}
    before, after = without.rows[:, NDCG], reweighted.rows[:, NDCG]
    return {
        "attribute": audit.reweighted,
        "groups": [
            {
                "label": label,
                "visitors": int(mask.sum()),
                "without": round(float(before[mask].mean()), 6),
                "with": round(float(after[mask].mean()), 6),
                **_ends(after[mask] - before[mask]),
            }
            for label, mask in masks.items()
            if mask.sum() >= FEWEST
        ],
    }


def _ends(differences: Column) -> Document:
    low, high = interval(differences)
    return {"low": round(low, 6), "high": round(high, 6)}
