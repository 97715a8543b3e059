"""What search engines are told of a page in JSON-LD, in the vocabulary of schema.org (rule W6).

Facts come from the content files only; one that is not known is left out.
"""

from collections.abc import Mapping
from typing import Any

from plugins import sources


def describe(
    key: str, page: Mapping[str, Any], context: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The page's own description as a JSON object; None for a page that has nothing special.

    ``page`` is its front matter, with the picture that chats show of it (``shared``); ``context``
    is what its template gets, of which ``recipients`` are those for whom it may ask (rule L3).
    """
    if key == "home":
        about = _organisation(context)
    elif key == "donate" and context["recipients"]:
        about = _donation(page, context)
    elif sources.is_news(key) and "date" in page:  # a story that is gone has none
        about = _article(page, context)
    else:
        return None
    return {"@context": "https://schema.org"} | about


def _organisation(context: Mapping[str, Any]) -> dict[str, Any]:
    organisation = context["organisation"]
    facts, about = organisation.facts, _publisher(context)
    names = dict.fromkeys((*organisation.name.values(), *organisation.short_name.values()))
    about["alternateName"] = [name for name in names if name != about["name"]]
    if facts.get("founded"):
        about["foundingDate"] = str(facts["founded"])
    if facts.get("weibo"):
        about["sameAs"] = [facts["weibo"]]
    if facts.get("email"):
        about["email"] = facts["email"]
    if facts.get("phone"):
        about["telephone"] = facts["phone"]
    if facts.get("address"):
        about["address"] = _text(facts["address"], context)
    return about


def _donation(page: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    names = (one.legal_name or context["organisation"].name for one in context["recipients"])
    return {
        "@type": "DonateAction",
        "name": page["title"],
        "description": page["description"],
        "target": context["site_url"] + context["address"],
        "recipient": [{"@type": "NGO", "name": _text(name, context)} for name in names],
    }


def _article(page: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    site_url, language = context["site_url"], context["language"]
    about = {
        "@type": "NewsArticle",
        "headline": page["title"],
        "description": page["description"],
        "datePublished": page["date"].isoformat(),
        "dateModified": page.get("modified", page["date"]).isoformat(),
        "inLanguage": language.tag,
        "url": site_url + context["address"],
        "publisher": _publisher(context),
    }
    return about | ({"image": site_url + page["shared"].path} if page["shared"] else {})


def _publisher(context: Mapping[str, Any]) -> dict[str, Any]:
    name = _text(context["organisation"].name, context)
    address = context["site_url"] + context["language"].root
    return {"@type": "NGO", "name": name, "url": address}


def _text(texts: Mapping[str, str], context: Mapping[str, Any]) -> str:
    text: str = context["frame"].text(texts, context["language"])
    return text
