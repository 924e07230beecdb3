"""Addresses beside the admin's own: passwords, the language of the studio, the guest's page."""

from django.contrib.auth import views
from django.urls import path
from django.views.i18n import set_language

from personalization.studio.drafts.guest import guest_page

urlpatterns = [
    path("password/", views.PasswordResetView.as_view(), name="admin_password_reset"),
    path("password/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "password/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"
    ),
    path("language/", set_language, name="set_language"),
    path("guest/<int:site>/<str:token>/", guest_page, name="personalization_guest"),
]
