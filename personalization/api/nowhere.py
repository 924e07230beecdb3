"""An address below the API that is none, told as everything else is."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from personalization.api.answers import PROBLEM, as_problem
from personalization.exceptions import NotFound


@csrf_exempt
def nowhere(_request: HttpRequest) -> HttpResponse:
    answer = as_problem(NotFound(_("There is no such address; /api/v1/schema lists them.")))
    return HttpResponse(answer.body, status=answer.status, content_type=PROBLEM)
