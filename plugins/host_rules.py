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


@dataclass(frozen=True, slots=True)
class HostFile:
    """A file of rules: what stands before them, the text of each, and what stands behind."""

    head: str
    each: Callable[[Rule, str], str]
    tail: str

    def text(self, rules: Iterable[Rule], site_url: str) -> str:
        return "".join([self.head, *(self.each(rule, site_url) for rule in rules), self.tail])

    def with_gone(self, text: str, rules: Iterable[Rule]) -> str:
        """``text``, which is such a file, with rules for what is gone since; each is there once."""
        more = [one for rule in rules if (one := self.each(rule, "")) not in text]
        return "".join([text.removesuffix(self.tail), *more, self.tail])


def gone(path: str, target: str) -> Rule:
    """That the page or the file at ``path`` is gone; a host that cannot say so shows ``target``."""
    return Rule(OldAddress(path.rstrip("/"), (), "", "", 0), target)


def _netlify_and_cloudflare(rule: Rule, _site_url: str) -> str:
    """What one of the two hosts does not know, the other takes.

    Netlify shows a file that is there unless the status has a ``!``, and knows queries; it says 404
    for what is gone. Cloudflare Pages passes by lines with either, and tells ``/a`` from ``/a/``.
    """
    path = rule.old.quoted or "/"
    status = "404!" if rule.old.gone else "301!"
    lines = [" ".join([path, *rule.old.query, rule.target, status])]
    if not rule.old.gone and not rule.old.query:
        lines += [f"{one} {rule.target} 301" for one in (path, f"{path}/")]
    return "".join(f"{line}\n" for line in lines)


def _nginx(rule: Rule, site_url: str) -> str:
    """A line of a ``map``, of regular expressions so that no hash table overflows.

    ``$old_address`` is the new address, ``gone``, or empty.
    """
    target = "gone" if rule.old.gone else site_url + rule.target
    return f'    "~*^{re.escape(rule.old.path)}/?\\?{_each(rule.old.query)}" "{target}";\n'


def _apache(rule: Rule, site_url: str) -> str:
    """Apache 2.4 sees paths without their first slash."""
    # A condition holds for the next rule alone.
    lines = [f'RewriteCond "%{{QUERY_STRING}}" "{_one(one)}" [NC]\n' for one in rule.old.query]
    pattern = f"^{re.escape(rule.old.path.removeprefix('/'))}/?$"
    if rule.old.gone:
        lines.append(f'RewriteRule "{pattern}" "-" [G,NC]\n')
    else:
        lines.append(f'RewriteRule "{pattern}" "{site_url}{rule.target}" [R=301,L,NC,QSD]\n')
    return "".join(lines)


FILES = {
    "_redirects": HostFile("", _netlify_and_cloudflare, ""),
    # For nginx's http block. Asked anew (volatile) when nginx goes on to the page shown with a 410.
    "redirects.nginx.conf": HostFile(
        'map "$uri?$args" $old_address {\n    volatile;\n    default "";\n', _nginx, "}\n"
    ),
    # One page for all that is gone: the lost visitors' at the root.
    ".htaccess": HostFile(
        "<IfModule mod_rewrite.c>\nErrorDocument 410 /404.html\nRewriteEngine On\n",
        _apache,
        "</IfModule>\n",
    ),
}


def _one(parameter: str) -> str:
    return f"(?:^|&){re.escape(parameter)}(?:&|$)"


def _each(query: Iterable[str]) -> str:
    """Behind the question mark: each parameter somewhere, in any order, among any others."""
    return "".join(f"(?=(?:.*&)?{re.escape(one)}(?:&|$))" for one in query)
