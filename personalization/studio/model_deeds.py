"""What a person does on the page of a model: use it, go back to the one before, train again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization.exceptions import Refusal
from personalization.learn import registry
from personalization.learn.models import ModelVersion
from personalization.studio.current import demand

Deed = Callable[[ModelVersion, str], tuple[ModelVersion, str]]  # -> where to go on, what happened
View = Callable[[HttpRequest, int], HttpResponse]


def addresses(guarded: Callable[[View], Any]) -> list[URLPattern]:
    return [
        path(f"<int:pk>/{name}/", guarded(require_POST(_view(deed))), name=f"{PREFIX}{name}")
        for name, deed in DEEDS.items()
    ]


def _view(deed: Deed) -> View:
    """A refusal is told on the page of the model that it was about."""

    @wraps(deed)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        model = get_object_or_404(ModelVersion.objects.select_related("site"), pk=pk)
        demand(request, "train", model.site)
        try:
            model, said = deed(model, str(request.user))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, said)
        return HttpResponseRedirect(
            reverse("admin:personalization_modelversion_change", args=(model.pk,))
        )

    return view


def _use(model: ModelVersion, by: str) -> tuple[ModelVersion, str]:
    return registry.promote(model, by=by), _("Pages use this model from now on.")


def _go_back(model: ModelVersion, by: str) -> tuple[ModelVersion, str]:
    return registry.roll_back(model.site, by=by), _("Pages use this model again from now on.")


def _train(model: ModelVersion, by: str) -> tuple[ModelVersion, str]:
    registry.ask_to_train(model.site, by=by)
    return model, _("A worker trains a new model now; it appears in the list of models.")


PREFIX: Final = "personalization_modelversion_"
DEEDS: Final[dict[str, Deed]] = {"use": _use, "back": _go_back, "train": _train}
