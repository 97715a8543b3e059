"""What search engines are told of a page in JSON-LD, in the vocabulary of schema.org (rule W6).

Facts come from the content files only; one that is not known is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from plugins import sources

_LOGO = "/icon-512.png"


def describe(key: str, page: Mapping[str, Any], context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the page is, each thing a JSON object; nothing of a page that is nothing special.

    ``page`` is its front matter, with the picture that chats show of it (``shared``); ``context``
    is what its template gets, of which ``recipients`` are those for whom it may ask (rule L3), and
    ``trail`` the way to it.
    """
    return [{"@context": "https://schema.org"} | one for one in _things(key, page, context)]


def _things(
    key: str, page: Mapping[str, Any], context: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    if key == "home":
        yield _organisation(page, context)
        yield _site(context)
    elif key == "donate" and context["recipients"]:
        yield _donation(page, context)
    elif sources.is_news(key) and "date" in page:  # a story that is gone has none
        yield _article(page, context)
    if context.get("trail"):
        yield _way(page, context)


def _organisation(page: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    facts, about = context["organisation"].facts, _publisher(context)
    about["alternateName"] = _other_names(about["name"], context)
    about["description"] = page["description"]
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


def _site(context: Mapping[str, Any]) -> dict[str, Any]:
    publisher = _publisher(context)
    return {
        "@type": "WebSite",
        "name": publisher["name"],
        "alternateName": _other_names(publisher["name"], context),
        "url": publisher["url"],
        "inLanguage": context["language"].tag,
    }


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
    site_url, publisher = context["site_url"], _publisher(context)
    address = site_url + context["address"]
    return {
        "@type": "NewsArticle",
        "headline": page["title"],
        "description": page["description"],
        "datePublished": page["date"].isoformat(),
        "dateModified": page.get("modified", page["date"]).isoformat(),
        "inLanguage": context["language"].tag,
        "url": address,
        "mainEntityOfPage": address,
        "image": [site_url + page["shared"].path],
        "author": publisher,
        "publisher": publisher,
    }


def _way(page: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """From the home page to this one, whose own address is understood."""
    site_url, home = context["site_url"], context["language"].root
    name = _text(context["organisation"].short_name, context)
    links = [(name, home), *((one.text, one.path) for one in context["trail"])]
    items: list[dict[str, Any]] = [
        {"@type": "ListItem", "position": at, "name": text, "item": site_url + path}
        for at, (text, path) in enumerate(links, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": page["title"]})
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _publisher(context: Mapping[str, Any]) -> dict[str, Any]:
    organisation, site_url = context["organisation"], context["site_url"]
    about = {
        "@type": "NGO",
        "name": _text(organisation.name, context),
        "url": site_url + context["language"].root,
    }
    mark = organisation.facts["mark"]
    return about | ({"logo": f"{site_url}{_LOGO}?{mark['version']}"} if mark else {})


def _other_names(name: str, context: Mapping[str, Any]) -> list[str]:
    organisation = context["organisation"]
    names = dict.fromkeys((*organisation.name.values(), *organisation.short_name.values()))
    return [one for one in names if one != name]


def _text(texts: Mapping[str, str], context: Mapping[str, Any]) -> str:
    text: str = context["frame"].text(texts, context["language"])
    return text
