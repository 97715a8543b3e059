"""Old addresses as rules of hosts, decided in one process: each kind of address, for each host."""

from urllib.parse import unquote

import pytest

from plugins.host_rules import FILES, Rule, gone
from plugins.old_addresses import OldAddress

SITE = "https://house.example"
MOVED = OldAddress("/old.page", (), "about", "zh", 3)
CHINESE = OldAddress("/关于/我们", (), "about", "zh", 4)
ASKED = OldAddress("/a", ("id=7", "x.y=1"), "about", "zh", 5)
HOME = OldAddress("", ("p=1",), "about", "zh", 6)
GONE = OldAddress("/gone", (), "", "zh", 7)
# An address and where it leads, and what the two hosts, nginx and Apache are told.
RULES = {
    "moved": (
        Rule(MOVED, "/about/"),
        "/old.page /about/ 301!\n/old.page /about/ 301\n/old.page/ /about/ 301\n",
        f'    "~*^/old\\.page/?\\?" "{SITE}/about/";\n',
        f'RewriteRule "^old\\.page/?$" "{SITE}/about/" [R=301,L,NC,QSD]\n',
    ),
    "in Chinese": (
        Rule(CHINESE, "/about/"),
        "/关于/我们 /about/ 301!\n/关于/我们 /about/ 301\n/关于/我们/ /about/ 301\n",
        f'    "~*^/关于/我们/?\\?" "{SITE}/about/";\n',
        f'RewriteRule "^关于/我们/?$" "{SITE}/about/" [R=301,L,NC,QSD]\n',
    ),
    "by its query": (
        Rule(ASKED, "/about/"),
        "/a id=7 x.y=1 /about/ 301!\n",
        f'    "~*^/a/?\\?(?=(?:.*&)?id=7(?:&|$))(?=(?:.*&)?x\\.y=1(?:&|$))" "{SITE}/about/";\n',
        (
            'RewriteCond "%{QUERY_STRING}" "(?:^|&)id=7(?:&|$)" [NC]\n'
            'RewriteCond "%{QUERY_STRING}" "(?:^|&)x\\.y=1(?:&|$)" [NC]\n'
            f'RewriteRule "^a/?$" "{SITE}/about/" [R=301,L,NC,QSD]\n'
        ),
    ),
    "the home page": (
        Rule(HOME, "/about/"),
        "/ p=1 /about/ 301!\n",
        f'    "~*^/?\\?(?=(?:.*&)?p=1(?:&|$))" "{SITE}/about/";\n',
        (
            'RewriteCond "%{QUERY_STRING}" "(?:^|&)p=1(?:&|$)" [NC]\n'
            f'RewriteRule "^/?$" "{SITE}/about/" [R=301,L,NC,QSD]\n'
        ),
    ),
    "gone": (
        Rule(GONE, "/404.html"),
        "/gone /404.html 404!\n",
        '    "~*^/gone/?\\?" "gone";\n',
        'RewriteRule "^gone/?$" "-" [G,NC]\n',
    ),
}
HEADS = {
    "_redirects": ("", ""),
    "redirects.nginx.conf": (
        'map "$uri?$args" $old_address {\n    volatile;\n    default "";\n',
        "}\n",
    ),
    ".htaccess": (
        "<IfModule mod_rewrite.c>\nErrorDocument 410 /404.html\nRewriteEngine On\n",
        "</IfModule>\n",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_each_host_is_told_in_its_own_words(name: str) -> None:
    """301 for what has moved, 410 for what is gone; all of it in one file, in order."""
    at = list(FILES).index(name) + 1
    texts = []
    for what in RULES:
        rule, *said = RULES[what]
        text = unquote(FILES[name].each(rule, SITE))
        assert text == said[at - 1], what
        texts.append(FILES[name].each(rule, SITE))
    head, tail = HEADS[name]
    rules = [one[0] for one in RULES.values()]
    assert FILES[name].text(rules, SITE) == f"{head}{''.join(texts)}{tail}"
    assert FILES[name].text([], SITE) == f"{head}{tail}"


def test_what_browsers_send_is_what_the_first_two_are_told() -> None:
    """They compare addresses as they are sent; the others as they are read."""
    first = FILES["_redirects"].each(Rule(CHINESE, "/about/"), SITE)
    assert first.startswith("/%E5%85%B3%E4%BA%8E/%E6%88%91%E4%BB%AC /about/ 301!\n")


@pytest.mark.parametrize("name", FILES)
def test_what_is_gone_since_is_told_once(name: str) -> None:
    """C10: a withdrawal adds its rules to the file that is there, before its end."""
    host = FILES[name]
    story, picture = gone("/news/kite/", "/news/kite/"), gone("/images/kite.jpg", "/404.html")
    assert story == Rule(OldAddress("/news/kite", (), "", "", 0), "/news/kite/")
    assert picture == Rule(OldAddress("/images/kite.jpg", (), "", "", 0), "/404.html")
    assert gone("/MAX/", "/").old.path == "/MAX"
    old = [one[0] for one in RULES.values()]
    first = host.with_gone(host.text(old, SITE), [story])
    assert first == host.text([*old, story], SITE)
    assert host.with_gone(first, [story]) == first
    assert host.with_gone(first, [story, picture]) == host.text([*old, story, picture], SITE)
    assert host.with_gone("", [picture]) == host.each(picture, "") + host.tail
