"""The addresses of the demo shop."""

from django.urls import path

from personalization.host.shop import views

app_name = "shop"
urlpatterns = [
    path("", views.home, name="home"),
    path("c/<str:key>", views.department, name="department"),
    path("p/<str:key>", views.product, name="product"),
    path("cart", views.basket, name="cart"),
    path("cart/change", views.change_basket, name="change_cart"),
    path("order", views.order, name="order"),
    path("privacy", views.privacy, name="privacy"),
    path("shop/pictures/<str:key>.svg", views.picture, name="picture"),
    path("shop/banners/<str:name>.svg", views.banner, name="banner"),
]
