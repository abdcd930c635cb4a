"""Every address of the hub, and how the canary walks it.

`test_no_address_is_unknown` fails for an address that stands in none of these tables: whoever adds a
URL says here how it is walked, or why it shows nothing that could leak.
"""

from __future__ import annotations

# URL name → addresses to GET. {page}, {profile} and {word} are filled from the planted world, each
# with every page, every profile and every secret word (the longest walks use a sample of the words).
WALKED: dict[str, list[str]] = {
    "healthz": ["/healthz/"],
    "my_hub": ["/my-hub/"],
    "notifications:inbox": ["/my-hub/notifications/"],
    "notifications:preferences": ["/my-hub/notifications/mail/"],
    "upkeep:mine": ["/my-hub/upkeep/"],
    "upkeep:keep": ["{keep}"],
    "upkeep:earlier": ["{correction}"],
    "feed": ["/feed.atom"],
    "robots": ["/robots.txt"],
    "sitemap": ["/sitemap.xml"],
    "sitemap_section": ["/sitemap-pages.xml"],
    "wagtail_serve": ["{page}", "/", "/roundtables/", "/practices/", "/research/", "/practices/?page=2", "{filtered}"],
    "members:directory": ["/people/", "/people/?q={word}", "/people/?page=2"],
    "members:profile": ["{profile}"],
    "members:edit": ["/my-hub/profile/"],
    "media:rendition": ["{picture}"],
    "wagtaildocs_serve": ["{document}"],
    "search:results": [
        "/search/",
        "/search/?q=said",
        "/search/?q=title&sort=date",
        "/search/?kind=person",
        "/search/?kind=session",
        "/search/?kind=practice&page=2",
        "/search/?q=title&like=unlike",
        "/search/?q=zyxnothingqua&kind=report",
    ],
    "search:suggest": ["/search/suggest/?q=ti", "/search/suggest/?q=title", "/search/suggest/?q=per"],
    "search:close": ["{close}"],
    "search:close_person": ["{close_person}"],
    "search:saved": ["/search/saved/"],
    "practices:propose": ["/practices/propose/"],
    "practices:proposal": ["{proposal}"],
    "practices:withdraw": ["{proposal}withdraw/"],
    "practices:discard": ["{proposal}delete/"],
    "practices:suggest": ["{suggest}"],
    "practices:tried": ["{tried}"],
    "practices:suggestion": ["{edit}"],
    "search:close_takeaway": ["{close_takeaway}"],
    "roundtables:takeaways": ["/roundtables/takeaways/"],
    "roundtables:takeaway": ["{takeaway}"],
    "roundtables:takeaway_edit": ["{takeaway}edit/"],
    "roundtables:takeaway_withdraw": ["{takeaway}withdraw/"],
    "roundtables:takeaway_desk": ["{after}"],
    "roundtables:check_takeaways": ["{after}check/"],
    "roundtables:commit": ["{after}try/"],
    "roundtables:go_on": ["{after}go-on/"],
    "roundtables:commitments": ["/my-hub/commitments/"],
    "roundtables:commitment": ["{commitment}"],
    "search:saved_news": ["{news}"],
    "roundtables:ask": ["{ask}"],
    "roundtables:run_sheet": ["{run}"],
    "roundtables:notes": ["{notes}"],
    "roundtables:change_question": ["{question}"],
    "notifications:open": ["{opened}"],
    "roundtables:calendar": [
        "/roundtables/calendar/",
        "/roundtables/calendar/?only=mine",
        "{month}",
        "{month}&only=left",
    ],
    "roundtables:by_topic": ["/roundtables/by-topic/"],
    "roundtables:session_file": ["{session_file}"],
    "roundtables:calendars": ["/my-hub/calendar/"],
    "accounts:apply": ["/apply/"],
    "accounts:thanks": ["/apply/thanks/"],
    "account_login": ["/accounts/login/", "/accounts/login/?next={page}"],
    "account_inactive": ["/accounts/inactive/"],
    "account_reset_password": ["/accounts/password/reset/"],
    "account_change_password": ["/accounts/password/change/"],
    "account_email": ["/accounts/email/"],
    "account_signup": ["/accounts/signup/"],
    "mfa_index": ["/accounts/2fa/"],
}

_OWN_ACCOUNT = "shows the visitor's own account only, from the session"
_TOKEN = "opens with a secret token that only its owner was sent"

_POST_ONLY = "changes something and answers with a redirect; refused to those it is not for (tests of its app)"

# URL name → why a walk can show nothing.
EXEMPT: dict[str, str] = {
    "accounts:signup": "leads to the application form",
    "editorial:accept": "the invitation of the account that is logged in, 404 for everybody else (tests/editorial)",
    "editorial:accept_link": _TOKEN,
    "editorial:external": "one text, for whoever has its link; walked by test_a_link_for_outside_tells_of_its_own_text",
    "editorial:external_picture": "pictures of that text; 404 for all others (tests/editorial/test_external.py)",
    "notifications:read_all": _POST_ONLY,
    "notifications:stop": "a signed token from a mail; shows the kind of mail it stops",
    "search:clicked": "takes down that a result was opened; answers without a word",
    "search:helped": "takes down an answer and thanks for it with a fixed sentence (tests/search/test_asking.py)",
    "search:save": _POST_ONLY,
    "search:saved_change": _POST_ONLY,
    "search:saved_delete": _POST_ONLY,
    "practices:similar": "asked with a post; walked by `test_what_is_offered_while_typing_leaks_nothing`",
    "practices:suggestion_withdraw": _POST_ONLY,
    "practices:tried_forget": _POST_ONLY,
    "roundtables:loosening": "for those who were asked, 404 for everybody else (tests/roundtables/test_loosening.py)",
    "roundtables:take_seat": _POST_ONLY,
    "roundtables:accept_seat": _POST_ONLY,
    "roundtables:ask": _POST_ONLY,
    "roundtables:take_series": _POST_ONLY,
    "roundtables:leave_series": _POST_ONLY,
    "roundtables:invite": "404 without a seat; names whom the directory names (tests/roundtables/test_invitations.py)",
    "roundtables:answer": "a signed address from a mail, for one person only; answers with a redirect to the page",
    "roundtables:show_seat": _POST_ONLY,
    "roundtables:give_back_seat": _POST_ONLY,
    "roundtables:check_in": _POST_ONLY,
    "roundtables:consent": _POST_ONLY,
    "roundtables:take_over_notes": _POST_ONLY,
    "roundtables:withdraw_question": _POST_ONLY,
    "roundtables:vote": _POST_ONLY,
    "roundtables:sort_out_question": _POST_ONLY,
    "roundtables:feed": "opens with a secret address; walked by `test_a_calendar_tells_its_owner_what_their_pages_do`",
    "roundtables:renew_calendar": _POST_ONLY,
    "roundtables:revoke_calendar": _POST_ONLY,
    "roundtables:takeaway_practice": _POST_ONLY,
    "roundtables:takeaway_leave_me_out": _POST_ONLY,
    "roundtables:takeaway_publish": _POST_ONLY,
    "roundtables:takeaway_drop": _POST_ONLY,
    "roundtables:takeaways_send": _POST_ONLY,
    "roundtables:answer_follow_up": _POST_ONLY,
    "roundtables:commitment_take_back": _POST_ONLY,
    "account_logout": "a form to log out",
    "account_reauthenticate": _OWN_ACCOUNT,
    "account_email_verification_sent": "a fixed sentence",
    "account_set_password": _OWN_ACCOUNT,
    "account_confirm_login_code": _OWN_ACCOUNT,
    "account_confirm_email": _TOKEN,
    "account_reset_password_from_key_done": "a fixed sentence",
    "account_reset_password_from_key": _TOKEN,
    "account_reset_password_done": "a fixed sentence",
    "wagtaildocs_authenticate_with_password": "shared passwords are switched off; asks for one",
    "wagtailcore_authenticate_with_password": "shared passwords are switched off; asks for one",
    "wagtailcore_login": "leads to our own login form",
}

# Pages of a second factor show keys of the account that is logged in.
OWN_ACCOUNT_PREFIXES = ("mfa_",)

# Wagtail's editor: every address of it is walked by `test_the_editor_tells_nobody_a_secret`.
EDITOR_PATH = "admin/"

# Files of the editor that are the same for everybody: translations of its scripts and its icons.
EDITOR_ASSETS = ("/admin/jsi18n/", "/admin/sprite/")

# Wagtail's own drill for its error page: it fails on purpose.
EDITOR_DRILLS = ("/admin/failwhale/",)
