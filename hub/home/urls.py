"""Addresses of the frame: my hub, and what machines ask for."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path

from hub.home import health, views
from hub.home.feeds import public_news
from hub.home.sitemaps import SITEMAPS

urlpatterns = [
    path("my-hub/", views.my_hub, name="my_hub"),
    path("healthz/", health.healthz, name="healthz"),
    path("feed.atom", public_news, name="feed"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"}, name="sitemap"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
