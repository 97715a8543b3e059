"""How the site is made. ``PLUGINS`` is the pipeline, in order; ``content/`` says everything else.

The environment gives ``SITE_URL`` (where the site will be seen), ``DONATIONS_URL`` (the donation
portal, where it has an address of its own), ``DEMO`` (the sandbox is asked for, not for money) and
``DRAFTS`` (what is not for today is shown too).
"""

import os
from pathlib import Path

from donations_api.frame import load_frame
from donations_api.giving import load_giving
from plugins import tokens
from plugins.markdown_extensions import anchors
from plugins.terms import load_terms

PATH = "content"
THEME = "theme"
FRAME = load_frame(Path(PATH), Path(THEME))
GIVING = load_giving(Path(PATH))
TERMS = load_terms(Path(PATH))
TOKENS = tokens.read(Path(THEME))

SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
DONATIONS_URL = os.environ.get("DONATIONS_URL", "").rstrip("/")
DEMO = bool(os.environ.get("DEMO"))
DRAFTS = bool(os.environ.get("DRAFTS"))
PROBLEMS_FILE = os.environ.get("PROBLEMS_FILE", "")

PLUGINS = [
    "plugins.pipeline",  # first: are the others there, and do they run?
    "pelican.plugins.yaml_metadata",
    "plugins.front_matter",
    "plugins.figures",
    "plugins.typography",
    "plugins.schedule",
    "plugins.sanitise",
    "plugins.labels",  # after the sanitiser, which lets nobody write these names
    "plugins.reading_time",
    "plugins.exposure",
    "plugins.safeguarding",
    "plugins.traditional",  # before all that looks at the pages: theirs are like any others
    "plugins.images",
    "plugins.documents",
    "plugins.fundraising",
    "plugins.deadlines",
    "plugins.filings",
    "plugins.consent_text",
    "plugins.bilingual",
    "plugins.fallback",
    "plugins.links",
    "plugins.translations",
    "plugins.topics",
    "plugins.news",
    "plugins.lists",
    "plugins.disclosure",
    "plugins.feeds",
    "plugins.redirects",
    "plugins.sharing",  # after all that makes pages
    "plugins.gate",  # the last of the checks: refuses what they found
    "plugins.icons",
    "plugins.sitemap",
    "plugins.search",
]

# One run builds all languages; the file's name says which page it is and in which language.
# A news item keeps its folder in its key, which so becomes its address.
DEFAULT_LANG = FRAME.default.code
PATH_METADATA = (
    r"(?:pages/)?(?P<translation_key>(?:news/)?[^/.]+)\."
    rf"(?P<lang>{'|'.join(language.code for language in FRAME.languages)})\.md$"
)
PAGE_TRANSLATION_ID = ARTICLE_TRANSLATION_ID = "translation_key"
SLUGIFY_SOURCE = "basename"
TIMEZONE = "UTC"
LOCALE = "C"  # Babel writes dates in each page's language; setlocale would hold for all of them

# Links between pages stay within the site wherever it is served; canonical links use SITE_URL.
SITEURL = ""
# None: plugins.links knows the reader's language, and Pelican would copy what {static} and {attach}
# name as it is (rule C7).
INTRASITE_LINK_REGEX = r"(?!)(?P<what>)"
STATIC_PATHS: list[str] = []
PAGE_PATHS = ["pages"]
ARTICLE_PATHS = ["news"]
WITH_FUTURE_DATES = True  # plugins.schedule says what waits, and tells staff that it does
DIRECT_TEMPLATES: list[str] = []
READERS = {"rst": None, "html": None, "htm": None}
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""

# The head of a page is text, and its description is what lists show: Pelican's own summary takes a
# Chinese sentence for one word.
FORMATTED_FIELDS: list[str] = []
SUMMARY_MAX_LENGTH = 0
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.extra": {"footnotes": {"BACKLINK_TEXT": "↩︎"}},
        "markdown.extensions.toc": {"slugify": anchors.slugs_beside(Path(THEME))},
        "plugins.markdown_extensions.line_breaks": {},
        "plugins.markdown_extensions.anchors": {},
        "plugins.markdown_extensions.tables": {},
    },
    "output_format": "html",
}
JINJA_ENVIRONMENT = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}

# A cached page would pass by the checks; a folder is always made anew.
CACHE_CONTENT = LOAD_CONTENT_CACHE = False
DELETE_OUTPUT_DIRECTORY = False
