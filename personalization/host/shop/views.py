"""The pages of the demo shop: home, department, product, basket, order, privacy, pictures."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_POST, require_safe

from personalization.host.shop.assortment import BY_KEY, DEPARTMENTS, Department
from personalization.host.shop.basket import COOKIE, Basket
from personalization.host.shop.key import publishable_key
from personalization.host.shop.origin import is_ours
from personalization.host.shop.pictures import draw
from personalization.host.shop.scenes import scene
from personalization.host.shop.shelf import Product, of_department, shelf

A_MONTH = 30 * 24 * 3600
FRESH = 8  # new products on the home page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    fresh = [each for each in shelf().values() if "new" in each.tags]
    spread = fresh[:: max(1, len(fresh) // FRESH)][:FRESH]
    tiles = [(each, of_department(each.key)[3]) for each in DEPARTMENTS]
    return _page(request, "home", {"tiles": tiles, "fresh": spread})


@require_safe
def department(request: HttpRequest, key: str) -> HttpResponse:
    found = BY_KEY.get(key)
    if found is None:
        raise Http404(_("We have no such department."))
    kind = request.GET.get("kind", "")
    products = [each for each in of_department(key) if kind in ("", each.kind)]
    return _page(
        request,
        "department",
        {"department": found, "products": products, "kind": kind, "kinds": _kinds(found)},
    )


@require_safe
def product(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, "product", {"product": _product(key)})


@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    lines = _basket(request).lines
    return _page(request, "cart", {"together": lines[-1].product.key if lines else ""})


@csrf_exempt  # no session and no cookie of ours to forge with: `is_ours` asks for our own pages
@require_POST
def change_basket(request: HttpRequest) -> HttpResponse:
    """Put one more in, or set how many; then back to the basket or to where the visitor was."""
    if not is_ours(request):
        raise Http404(_("This form belongs to another page."))
    wanted = _product(request.POST.get("product", ""))
    before = _basket(request)
    count = request.POST.get("count", "")
    if count.isascii() and count.isdecimal() and len(count) < 4:
        after = before.with_count(wanted.key, int(count))
    else:
        after = before.with_one_more(wanted.key)
    return _with_basket(HttpResponseRedirect(_way_back(request)), after, request)


@csrf_exempt  # as above
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Nothing is paid and nothing is sent: the basket is emptied and thanked for."""
    bought = _basket(request)
    if not is_ours(request) or not bought.size:
        return HttpResponseRedirect(reverse("shop:cart"))
    response = _page(request, "order", {"bought": bought, "basket": Basket()})
    return _with_basket(response, Basket(), request)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, "privacy", {})


def _etag(_request: HttpRequest, key: str) -> str | None:
    found = shelf().get(key)
    return f'"{hashlib.sha256(draw(found).encode()).hexdigest()[:20]}"' if found else None


@require_safe
@condition(etag_func=_etag)
def picture(_request: HttpRequest, key: str) -> HttpResponse:
    return _svg(draw(_product(key)))


@require_safe
def banner(_request: HttpRequest, name: str) -> HttpResponse:
    drawn = scene(name)
    if drawn is None:
        raise Http404(_("We have no such picture."))
    return _svg(drawn)


def _svg(drawn: str) -> HttpResponse:
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={A_MONTH}"
    return response


def _page(request: HttpRequest, name: str, more: dict[str, Any]) -> HttpResponse:
    context = {
        "page": name,
        "departments": DEPARTMENTS,
        "basket": _basket(request),
        "publishable_key": publishable_key(),
        **more,
    }
    return render(request, f"shop/{name}.html", context)


def _product(key: str) -> Product:
    found = shelf().get(key)
    if found is None:
        raise Http404(_("We do not sell this."))
    return found


def _kinds(found: Department) -> list[str]:
    return [kind.name for kind in found.kinds]


def _basket(request: HttpRequest) -> Basket:
    return Basket.read(request.COOKIES.get(COOKIE, ""))


def _with_basket(response: HttpResponse, after: Basket, request: HttpRequest) -> HttpResponse:
    if after.size:
        response.set_cookie(
            COOKIE,
            after.write(),
            max_age=A_MONTH,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if target and safe else reverse("shop:cart")
