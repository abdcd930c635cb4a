"""The base settings: secure by default, everything that differs between hubs from the environment.

`dev` and `test` import from here and relax what they name. Every variable is described in
`docs/operations.md`.
"""

from email.utils import formataddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from hub.settings import databases

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("HUB_DATA_DIR", str(BASE_DIR / "var"))).resolve()

# --- who we are -----------------------------------------------------------------------------------
HUB_NAME = env.str("HUB_NAME", "The Linden Table")
HUB_BASE_URL = env.str("HUB_BASE_URL", "https://localhost").rstrip("/")
_host = urlsplit(HUB_BASE_URL).hostname or "localhost"

SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:  # Django itself would start, and only fail at the first person who logs in
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))' "
        "and put it into the environment of the hub (docs/operations.md)."
    )
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [_host])
CSRF_TRUSTED_ORIGINS = [HUB_BASE_URL]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # ours, from the top layer to the bottom one
    "hub.demo",
    "hub.home",
    "research",
    "roundtables",
    "hub.practices",
    "hub.archive",
    "hub.editorial",
    "hub.notifications",
    "hub.members",
    "search",
    "hub.taxonomy",
    "hub.media",
    "hub.pages",
    "hub.accounts",
    # Wagtail
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    # accounts
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # the rest
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hub.accounts.middleware.AdminMfaMiddleware",
    "hub.pages.doors.EditorDoorsMiddleware",
    "hub.pages.middleware.AtomicAdminWritesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hub.pages.middleware.DiscreetRedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hub.home.context.frame",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------
DATABASES = {"default": databases.from_url(env.str("DATABASE_URL", ""), DATA_DIR)}
CACHES = {"default": databases.cache_from_url(env.str("CACHE_URL", ""))}
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db"
    if env.str("CACHE_URL", "")
    else ("django.contrib.sessions.backends.db")
)

# Originals, renditions and documents are private: only the checked, signed views read them.
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media-is-private/"  # no URL serves it; Django only needs a value
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "hub" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- search ---------------------------------------------------------------------------------------
WAGTAILSEARCH_BACKENDS = {"default": databases.search_from_url(env.str("SEARCH_URL", ""), DATA_DIR)}
MODELSEARCH_BACKENDS = WAGTAILSEARCH_BACKENDS

# --- background work ------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- mail -----------------------------------------------------------------------------------------
_mail = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 30  # seconds; a mail server that never answers must not stop the worker
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", formataddr((HUB_NAME, f"hub@{_host}")))
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "hub.pages.auth.PageSeatBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my-hub/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hub.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # membership is by accepted application, which proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(HUB_BASE_URL).scheme
ACCOUNT_SESSION_REMEMBER = None  # the login form asks; unticked, the session ends with the browser
ACCOUNT_CHANGE_EMAIL = True  # one address at a time; the new one counts once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {  # beside allauth's own limits, which stay on
    "apply": "10/h/ip,3/d/key",
    "propose": "20/h/user",
    "propose_save": "60/m/user",
    "propose_file": "30/h/user",
    "propose_similar": "60/m/user",
    "suggest_edit": "20/h/user",
    "use_record": "30/h/user",
    "ask_question": "30/h/user",
    "write_notes": "60/m/user",
}
ACCOUNT_FORMS = {"login": "hub.accounts.forms.LoginForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody can sign up with somebody else's address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(HUB_BASE_URL).hostname in ("localhost", "127.0.0.1")
MFA_TOTP_ISSUER = HUB_NAME
HUB_ADMIN_MFA = env.bool("HUB_ADMIN_MFA", True)

# --- Wagtail --------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = HUB_NAME
WAGTAILADMIN_BASE_URL = HUB_BASE_URL
WAGTAIL_PAGE_MODEL = "pages.BasePage"
WAGTAILIMAGES_IMAGE_MODEL = "media.HubImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.HubDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# What reading the words of one file may cost, where that differs from `hub.media.extraction.process.Limits`.
HUB_DOCUMENT_LIMITS: dict[str, int] = env.dict("HUB_DOCUMENT_LIMITS", {}, subcast_values=int)
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "key", "md", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False  # people choose their own, through a link that was mailed to them
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "hub.editorial.approval.publish_on_approval"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
HUB_SEAT_OFFER_HOURS = env.int("HUB_SEAT_OFFER_HOURS", 24)  # 0: who moves up from a waiting list has the seat at once
HUB_EDITS_VOID_APPROVALS = env.bool("HUB_EDITS_VOID_APPROVALS", True)
WAGTAIL_AUTOSAVE_INTERVAL = 3000  # milliseconds: calm, and nothing typed is older than three seconds
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""  # it names the page behind any address that is typed in
WAGTAILREDIRECTS_AUTO_CREATE = False  # one OR chain over all descendants: see docs/deviations.md
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
TAGGIT_CASE_INSENSITIVE = True

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English")]
TIME_ZONE = env.str("TIME_ZONE", "Europe/London")
USE_I18N = True
USE_TZ = True

# --- security -------------------------------------------------------------------------------------
_https = urlsplit(HUB_BASE_URL).scheme == "https"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", _https)
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Without it every limit by address (logins, applications) would count the proxy, hence all people together.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if _https else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview panel frames our own pages
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # binding subdomains is their owner's decision, by SECURE_HSTS_INCLUDE_SUBDOMAINS
    "security.W019",  # frames: see X_FRAME_OPTIONS; nobody else's page may frame ours
    "security.W021",  # preloading binds a whole domain for years: its owner decides, by SECURE_HSTS_PRELOAD
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # long StreamField pages post thousands of fields

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),  # the admin's own policy is set in hub.pages.middleware
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {name: {"level": "WARNING"} for name in ("django_tasks", "wagtail")},
}
