"""``python -m plugins.verify --live https://…``: is anything up whose consent does not hold today?

Asks the site as it is online for each picture and each story that may be shown no more. Whatever
cannot be asked is told as well: no answer is no proof.
"""

from collections.abc import Iterator
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from plugins.people import withdrawals
from plugins.pictures import FOLDER, names_of
from plugins.problems import Problem
from plugins.verify.consents import shown, wrong_today
from plugins.verify.expectations import Expectations

SECONDS = 20
_GONE = (404, 410)


def problems(site_url: str, expected: Expectations) -> Iterator[Problem]:
    """What is still up at ``site_url``, by the day of ``expected``."""
    withdrawn, unreadable = withdrawals.read(expected.content)
    yield from unreadable
    wrong = wrong_today(expected, withdrawn)
    pictures = wrong.pictures | dict.fromkeys(withdrawn.pictures, "withdrawn")
    stories = {key: why for (key, _), why in wrong.stories.items()}
    stories |= dict.fromkeys(withdrawn.stories, "withdrawn")
    wanted = [(f"/{FOLDER}/{one}", why) for name, why in pictures.items() for one in names_of(name)]
    wanted += [
        (language.page(key), why)
        for key, why in stories.items()
        for language in expected.frame.languages
    ]
    for path, why in sorted([("/", ""), *wanted]):
        status, body = _ask(f"{site_url}{path}")
        if not status:
            yield Problem("C9.no_answer", f"{site_url}{path}", params={"reason": body})
        elif why and status not in _GONE and "data-gone" not in body:
            yield shown(why, f"{site_url}{path}")


def _ask(address: str) -> tuple[int, str]:
    """Status and text of an answer; 0 and the reason where there was none."""
    # A cache on the way may not answer for the site.
    request = Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310  http or https
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, ""
    except (URLError, OSError, ValueError) as error:
        return 0, str(error)
