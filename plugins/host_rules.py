"""Old addresses as the rules of the hosts that have some: a text for each kind of host.

Each answers 301 for what has moved and, where the host can, 410 for what is gone. None of the
rules sets a header: in nginx an ``add_header`` of theirs would drop those of the whole server.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plugins.old_addresses import OldAddress


@dataclass(frozen=True, slots=True)
class Rule:
    """An old address, and the path that it leads to: for what is gone, the lost visitors' page."""

    old: OldAddress
    target: str


def netlify_and_cloudflare(rules: Iterable[Rule], _site_url: str) -> str:
    """``_redirects``. What one of the two hosts does not know, the other takes.

    Netlify shows a file that is there unless the status has a ``!``, and knows queries; it says 404
    for what is gone. Cloudflare Pages passes by lines with either, and tells ``/a`` from ``/a/``.
    """
    lines: list[str] = []
    for rule in rules:
        path = rule.old.quoted or "/"
        status = "404!" if rule.old.gone else "301!"
        lines.append(" ".join([path, *rule.old.query, rule.target, status]))
        if not rule.old.gone and not rule.old.query:
            lines += [f"{one} {rule.target} 301" for one in (path, f"{path}/")]
    return "".join(f"{line}\n" for line in lines)


def nginx(rules: Iterable[Rule], site_url: str) -> str:
    """A ``map`` for nginx's ``http`` block, of regular expressions so that no hash table overflows.

    ``$old_address`` is the new address, ``gone``, or empty. It is asked anew (``volatile``) when
    nginx goes on to the page that it shows with a 410.
    """
    lines = [
        f'    "~*^{re.escape(rule.old.path)}/?\\?{_each(rule.old.query)}"'
        f' "{"gone" if rule.old.gone else site_url + rule.target}";'
        for rule in rules
    ]
    return "\n".join(
        ['map "$uri?$args" $old_address {', "    volatile;", '    default "";', *lines, "}\n"]
    )


def apache(rules: Iterable[Rule], site_url: str) -> str:
    """``.htaccess`` (Apache 2.4), which sees paths without their first slash."""
    # One page for all that is gone: the lost visitors' at the root.
    lines = ["ErrorDocument 410 /404.html", "RewriteEngine On"]
    for rule in rules:
        # A condition holds for the next rule alone.
        lines += [f'RewriteCond "%{{QUERY_STRING}}" "{_one(one)}" [NC]' for one in rule.old.query]
        pattern = f"^{re.escape(rule.old.path.removeprefix('/'))}/?$"
        if rule.old.gone:
            lines.append(f'RewriteRule "{pattern}" "-" [G,NC]')
        else:
            lines.append(f'RewriteRule "{pattern}" "{site_url}{rule.target}" [R=301,L,NC,QSD]')
    return "\n".join(["<IfModule mod_rewrite.c>", *lines, "</IfModule>\n"])


FILES: dict[str, Callable[[Iterable[Rule], str], str]] = {
    "_redirects": netlify_and_cloudflare,
    "redirects.nginx.conf": nginx,
    ".htaccess": apache,
}


def _one(parameter: str) -> str:
    return f"(?:^|&){re.escape(parameter)}(?:&|$)"


def _each(query: Iterable[str]) -> str:
    """Behind the question mark: each parameter somewhere, in any order, among any others."""
    return "".join(f"(?=(?:.*&)?{re.escape(one)}(?:&|$))" for one in query)
