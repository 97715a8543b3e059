"""What only the organisation can supply: until then the pages say nothing about it."""

from collections.abc import Iterator
from pathlib import Path

from donations_api.giving import Mode, Recipient, load_giving
from plugins.pictures import FOLDER
from plugins.problems import Problem, Severity


def unknown(content: Path) -> list[Problem]:
    """A notice for each fact that is still open. Raises FileWrong."""
    giving = load_giving(content)
    facts = giving.organisation.facts
    file = (content / "organisation.toml").as_posix()
    wanted = ["email", "phone", "address"]
    if "CN" in facts.get("countries", []):
        wanted += ["weibo", "icp_number", "public_security_filing"]
    found = [_notice(f"fact.{name}", file) for name in wanted if not facts.get(name)]
    awaiting = facts.get("confirmation", {}).get("awaiting", [])
    found += [_notice("fact.confirmation", file, text=text) for text in awaiting]
    found += undeclared(content)
    partnered = any(one.mode is Mode.PARTNER for one in giving.recipients)
    if partnered and not giving.platforms.confirmed:
        found.append(_notice("fact.platforms", (content / "platforms.toml").as_posix()))
    for recipient in giving.recipients:
        found += _unknown_of(recipient, file)
    if not any((content / FOLDER).glob("*.toml")):
        found.append(_notice("fact.pictures", (content / FOLDER).as_posix()))
    return found


def undeclared(content: Path) -> list[Problem]:
    """A notice for each recipient without a mode (rule L3): nobody is asked for it online."""
    file = (content / "organisation.toml").as_posix()
    recipients = load_giving(content).recipients
    modes = [one for one in recipients if one.mode is Mode.UNDECLARED]
    return [_notice("fact.mode", file, recipient=one.key) for one in modes]


def _unknown_of(recipient: Recipient, file: str) -> Iterator[Problem]:
    if not recipient.legal_name:
        yield _notice("fact.legal_name", file, recipient=recipient.key)
    if not recipient.registration:
        yield _notice("fact.registration", file, recipient=recipient.key)


def _notice(code: str, file: str, **params: str) -> Problem:
    return Problem(code, file, params=params, severity=Severity.NOTICE)
