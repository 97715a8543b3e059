"""``sitemap.xml`` with each page's other languages, and ``robots.txt`` that points at it.

Sitemap protocol 0.9, with the links that search engines read as hreflang.
"""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, register_namespace

from pelican import Pelican
from pelican.plugins import signals

from donations_api.frame import Frame

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
NOINDEX = re.compile(r"<meta name=\"robots\" content=\"[^\"]*noindex")


def write(pelican: Pelican) -> None:
    """Write both files beside the pages, which are there already."""
    settings = pelican.settings
    output = Path(settings["OUTPUT_PATH"])
    register_namespace("", _SITEMAP)
    register_namespace("xhtml", _XHTML)
    urls = Element(f"{{{_SITEMAP}}}urlset")
    for paths in settings["ADDRESSES"].values():
        open_ones = {code: path for code, path in paths.items() if _is_listed(output, path)}
        for path in open_ones.values():
            _add(urls, settings["FRAME"], settings["SITE_URL"], path, open_ones)
    indent(urls)
    ElementTree(urls).write(output / "sitemap.xml", encoding="utf-8", xml_declaration=True)
    rule = "Disallow: /" if settings["DEMO"] else "Allow: /"
    robots = f"User-agent: *\n{rule}\n\nSitemap: {settings['SITE_URL']}/sitemap.xml\n"
    (output / "robots.txt").write_text(robots, encoding="utf-8")


def _add(urls: Element, frame: Frame, site_url: str, path: str, alternates: dict[str, str]) -> None:
    url = SubElement(urls, f"{{{_SITEMAP}}}url")
    SubElement(url, f"{{{_SITEMAP}}}loc").text = site_url + path
    tagged = {frame.language(code).tag: other for code, other in alternates.items()}
    tagged["x-default"] = alternates[frame.original(alternates).code]
    for tag, other in tagged.items():
        link = {"rel": "alternate", "hreflang": tag, "href": site_url + other}
        SubElement(url, f"{{{_XHTML}}}link", link)


def _is_listed(output: Path, path: str) -> bool:
    file = output / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
    return not NOINDEX.search(file.read_text(encoding="utf-8"))


def register() -> None:
    signals.finalized.connect(write)
