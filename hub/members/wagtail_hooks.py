"""The stewardship desk in the editor's menu."""

from __future__ import annotations

from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from hub.members.desk import ApplicationDesk, MemberDesk
from hub.taxonomy.desk import FunctionDesk, IndustryDesk, TopicDesk


@modeladmin_register
class CommunityDesk(ModelAdminGroup):
    """Everything that keeps the membership running."""

    menu_label = "Community"
    menu_icon = "group"
    menu_order = 150
    items = (ApplicationDesk, MemberDesk, TopicDesk, FunctionDesk, IndustryDesk)
