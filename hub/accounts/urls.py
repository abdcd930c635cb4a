from django.urls import path
from django.views.generic import RedirectView

from hub.accounts import views

app_name = "accounts"

urlpatterns = [
    path("apply/", views.apply, name="apply"),
    path("apply/thanks/", views.thanks, name="thanks"),
    # There is no open sign-up: whoever looks for it finds the application form.
    path("accounts/signup/", RedirectView.as_view(pattern_name="accounts:apply"), name="signup"),
]
