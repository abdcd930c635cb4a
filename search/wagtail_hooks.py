"""The search desk in the editor's menu."""

from wagtail_modeladmin.options import modeladmin_register

from search.desk import SearchDesk

modeladmin_register(SearchDesk)
