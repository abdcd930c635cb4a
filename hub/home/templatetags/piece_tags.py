"""Components of which each looks the same for the same values: drawn once, then remembered."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader_tags import IncludeNode, do_include
from django.utils.safestring import SafeString

from hub.kernel.remembered import NoKey, key_of, remembered

register = template.Library()


class PieceNode(IncludeNode):
    """An `{% include … only %}` whose result is kept."""

    def render(self, context: template.Context) -> SafeString:
        values = {name: variable.resolve(context) for name, variable in self.extra_context.items()}
        draw = super().render
        try:
            key = (self.template.token, key_of(values))
        except NoKey:
            return draw(context)
        return remembered(key, lambda: draw(context))


@register.tag
def piece(parser: template.base.Parser, token: template.base.Token) -> PieceNode:
    """`{% piece "components/row.html" with … %}`: what `{% include … only %}` draws, remembered by its values.

    For components that read nothing else: no request, no clock, no token of a form.
    """
    included: Any = do_include(parser, token)
    return PieceNode(included.template, extra_context=included.extra_context, isolated_context=True)
