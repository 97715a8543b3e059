"""``make withdraw CONSENT=C-0017``: what was given with this consent goes, from everywhere at once.

Marked first, in ``content/withdrawn.toml``, from which all else follows: whatever moment the power
goes, the same command again comes to the same end. It needs no build and no content in order.
"""

import csv
import io
import os
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from donations_api.errors import FileWrong
from donations_api.giving import load_giving
from plugins import calendar, paragraphs, sources, translations
from plugins.kept import CARDS, COPIES, Shelf
from plugins.paragraphs import Unreadable
from plugins.people import consent_register, fingerprints, stories, withdrawals
from plugins.people.consent_register import Register, RegisterRefused
from plugins.people.consents import Consents
from plugins.people.withdrawals import Withdrawals, Withdrawn
from plugins.pictures import FOLDER
from plugins.problems import text
from plugins.staff import printing
from plugins.staff.making import CONTENT
from plugins.staff.messages import Refusal, say, write_line
from plugins.staff.switching import NotOurs
from plugins.staff.taking_down import take_down
from plugins.verify.withdrawn import documents
from plugins.whole_files import write_whole

SERVED = Path("output")


def main(words: list[str]) -> int:
    """Withdraw the consent that a word or ``CONSENT`` names; 1 when a person has to see to a part.

    Raises Refusal.
    """
    code = " ".join(words) or os.environ.get("CONSENT", "").strip()
    if not consent_register.CODE.fullmatch(code):
        raise Refusal("withdraw.no_code")
    before, problems = withdrawals.read(CONTENT)
    if problems:
        printing.show(problems)
        return 1
    register = _register()
    entry = _entry(code, before, register)
    others = [one for one in before.entries if one.consent != code]
    now = Withdrawals((*others, entry))
    withdrawals.write(CONTENT, now.entries)
    whole = _from_the_site(now)
    _delete(entry)
    whole = _in_the_register(code, register) and whole
    whole = _in_no_document(now) and whole
    say("withdraw.done", code=code, pictures=len(entry.pictures), stories=len(entry.stories))
    _show_what_is_elsewhere(entry)
    return 0 if whole else 1


def _register() -> Register | None:
    try:
        return consent_register.declared()
    except RegisterRefused as refused:
        printing.show(refused.problems)
        return None


def _entry(code: str, before: Withdrawals, register: Register | None) -> Withdrawn:
    """What is withdrawn now, with what an earlier run had found. Raises Refusal."""
    known = before.get(code) or Withdrawn(code, _today())
    pictures = _pictures_of(code)
    if not (code in before.consents or pictures or (register and register.get(code))):
        raise Refusal("withdraw.unknown", code=code)
    looks = [one for one in map(fingerprints.of, pictures) if one]
    pictures += [
        file
        for file in _files()
        if file not in pictures
        and (look := fingerprints.of(file))
        and any(fingerprints.alike(look, one) for one in looks)
    ]
    told = _stories_of(code, before, register) if register else []
    return Withdrawn(
        consent=code,
        day=known.day,
        pictures=_joined(known.pictures, (file.name for file in pictures)),
        fingerprints=_joined(known.fingerprints, looks),
        stories=_joined(known.stories, told),
    )


def _joined(before: Iterable[str], now: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*before, *now}))


def _files() -> list[Path]:
    return [file for file in sorted((CONTENT / FOLDER).glob("*")) if file.is_file()]


def _pictures_of(code: str) -> list[Path]:
    """The pictures whose declarations name the consent, or mention it where they cannot be read."""
    found = []
    for file in _files():
        sidecar = file.with_name(f"{file.name}.toml")
        if not sidecar.exists():
            continue
        said = _text(sidecar)
        try:
            ids = tomllib.loads(said).get("consent_ids", [])
        except tomllib.TOMLDecodeError:
            ids = [code] if _mentions(said, code) else []
        if code in ids:
            found.append(file)
    return found


def _stories_of(code: str, before: Withdrawals, register: Register) -> list[str]:
    """Keys of the stories that nothing else covers, once this consent does not."""
    consent = register.get(code)
    if not consent:
        return []
    withdrawn = before.consents | {code}
    consents = Consents(register, withdrawn, _today())
    whole, _ = stories.read(CONTENT)
    keys = {
        one.key
        for one in whole
        if consent.subject_code in one.subjects and consents.of_story(one).out
    }
    read = {one.file for one in whole}
    for file in sources.files(CONTENT):
        if file not in read and _is_about(file, consent.subject_code):
            keys.add(sources.named(file.relative_to(CONTENT).as_posix())[0])
    return sorted(keys)


def _is_about(file: Path, subject: str) -> bool:
    """Of a head that is not in order: a whole story may have stood there when it was published."""
    try:
        said = str(paragraphs.read(file)[0].get("subjects"))
    except Unreadable:
        said = _text(file)
    return _mentions(said, subject)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig", errors="replace")


def _mentions(said: str, code: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", said))


def _from_the_site(now: Withdrawals) -> bool:
    try:
        found = take_down(SERVED, now)
    except (NotOurs, OSError) as error:
        say("withdraw.not_switched", folder=SERVED, reason=type(error).__name__)
        return False
    if found is None:
        say("withdraw.no_site")
        return True
    printing.show(found)
    say("withdraw.left" if found else "withdraw.switched", folder=SERVED)
    return not found


def _delete(entry: Withdrawn) -> None:
    """Delete the files; those that a kill leaves the next run knows by the entry."""
    for name in entry.pictures:
        (CONTENT / FOLDER / name).unlink(missing_ok=True)
        (CONTENT / FOLDER / f"{name}.toml").unlink(missing_ok=True)
        Shelf(COPIES).forget(name)
    for key in entry.stories:
        Shelf(CARDS).forget(f"*_{key.replace('/', '_')}")
        file = sources.source(CONTENT, key, "*")
        for one in sorted(file.parent.glob(file.name)):
            language = sources.named(one.relative_to(CONTENT).as_posix())[1]
            translations.copy(CONTENT, key, language).unlink(missing_ok=True)
            one.unlink()


def _in_the_register(code: str, register: Register | None) -> bool:
    """Mark it there as well; where that cannot be, say so: the site holds to its own mark."""
    if register is None:
        say("withdraw.no_register", code=code)
        return False
    consent = register.get(code)
    if consent and consent.status == "withdrawn":
        return True
    path = consent_register.path()
    try:
        if not consent or path.suffix.lower() != ".csv":
            raise PermissionError
        _mark(path, code)
    except (OSError, UnicodeError):
        say("withdraw.mark_by_hand", code=code)
    return True


def _in_no_document(now: Withdrawals) -> bool:
    """Name the documents that have to be made anew; the next build is refused until they are."""
    found = [one.as_posix() for one in documents(CONTENT) if now.shown_in(one)]
    if found:
        say("withdraw.documents", files=" ".join(found))
    return not found


def _mark(path: Path, code: str) -> None:
    _, encoding = consent_register.decoded(path.read_bytes())
    rows = consent_register.read_rows(path)
    language = "en" if "".join(rows[0]).isascii() else "zh"
    status = text("register.value.status.withdrawn", language)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(consent_register.rows_with_status(rows, code, status))
    write_whole(path, stream.getvalue().encode(encoding))


def _today() -> date:
    try:
        return calendar.today(str(load_giving(CONTENT).organisation.facts["time_zone"]))
    except (FileWrong, ValueError, OSError, LookupError):
        return calendar.today("UTC")


def _show_what_is_elsewhere(entry: Withdrawn) -> None:
    """Copies that no command of ours reaches."""
    site_url = os.environ.get("SITE_URL", "").strip().removesuffix("/")
    say("withdraw.elsewhere")
    for path in [f"/{FOLDER}/{name}" for name in entry.pictures]:
        write_line(f"  {site_url}{path}")
    for key in entry.stories:
        write_line(f"  {site_url}/{key}/   {site_url}/*/{key}/")
    files = [(CONTENT / FOLDER / name).as_posix() for name in entry.pictures]
    for key in entry.stories:
        copy = translations.copy(CONTENT, key, "*")
        files += [sources.source(CONTENT, key, "").with_suffix("").as_posix(), copy.as_posix()]
    if files:
        say("withdraw.history")
        paths = " ".join(f"--path-glob '{path}*'" for path in files)
        write_line(f"  git filter-repo --invert-paths {paths}")
        write_line("  git push --force --all && git push --force --tags")
