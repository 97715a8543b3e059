"""The verdict on a run: what Stripe and the mail server have, against what the ledger has.

It asks the program nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.faults.held import Held, HeldEntry, HeldReceipt
from tests.faults.post_office import Taken
from tests.faults.statement import Owed

JUDGED = ("gift", "refund", "refund_failed", "dispute_withdrawn", "dispute_reinstated")
_LATER = ("cancellation", "restoration")
# The document that an entry asks for.
_DOCUMENT = {"refund": "cancellation", "refund_failed": "restoration"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """``paid``: payments that came at Stripe. Every other number has to be 0.

    ``lost``: it happened at Stripe, and the ledger has no entry. ``unfounded``: the other way
    round. ``doubled``: more than one entry of a kind and reference, or two receipts for a payment.
    ``wrong``: another amount, currency or gift than at Stripe. ``without_receipt``: an entry whose
    document is lacking. ``gaps``: serials that are lacking, doubled, or past the counter.
    ``unsent``: mails that the server never took, and receipts that no mail brings.
    ``other_ids``: mails that went under a further Message-ID, or under one that no row has.
    """

    paid: int
    lost: int
    unfounded: int
    doubled: int
    wrong: int
    without_receipt: int
    gaps: int
    unsent: int
    other_ids: int

    @property
    def good(self) -> bool:
        return not any(getattr(self, name) for name in FAULTS)


FAULTS = tuple(name for name in Verdict.__dataclass_fields__ if name != "paid")


def judge(owed: Sequence[Owed], held: Held, taken: Sequence[Taken]) -> Verdict:
    entries = {(one.kind, one.reference): one for one in held.entries}
    due = {(one.kind, one.reference): one for one in owed}
    return Verdict(
        paid=sum(one.kind == "gift" for one in owed),
        lost=len(due.keys() - entries.keys()),
        unfounded=sum(key not in due for key in entries if key[0] in JUDGED),
        doubled=_doubled(held),
        wrong=sum(_wrong(due[key], entries[key]) for key in due.keys() & entries.keys())
        + _wrong_receipts(held),
        without_receipt=_without_receipt(held),
        gaps=_gaps(held),
        unsent=_unsent(held, taken),
        other_ids=_other_ids(held, taken),
    )


def message_id_of(taken: Taken) -> str:
    return str(message_from_bytes(taken.content)["Message-ID"])


def _doubled(held: Held) -> int:
    entries = Counter((one.kind, one.reference) for one in held.entries)
    documents = Counter((one.kind, one.cause) for one in held.receipts)
    receipts = Counter(one.gift_id for one in held.receipts if one.kind not in _LATER)
    return sum(n - 1 for counted in (entries, documents, receipts) for n in counted.values())


def _wrong(owed: Owed, entry: HeldEntry) -> bool:
    money = (entry.amount, entry.currency.lower()) == (owed.amount, owed.currency)
    return not money or bool(owed.gift_id and owed.gift_id != entry.gift_id)


def _wrong_receipts(held: Held) -> int:
    """Receipts that say another sum than the entry which they document."""
    entries = {(one.kind, one.reference): one for one in held.entries}
    return sum(
        (receipt.amount, receipt.currency) != (entry.amount, entry.currency)
        for receipt in held.receipts
        if (entry := _documented(receipt, entries))
    )


def _documented(
    receipt: HeldReceipt, entries: dict[tuple[str, str], HeldEntry]
) -> HeldEntry | None:
    kinds = {"cancellation": ("refund", "dispute_withdrawn"), "restoration": ("refund_failed",)}
    wanted = kinds.get(receipt.kind, ("gift",))
    return next(
        (entries[key] for kind in wanted if (key := (kind, receipt.cause)) in entries), None
    )


def _without_receipt(held: Held) -> int:
    there = {(one.kind if one.kind in _LATER else "", one.cause) for one in held.receipts}
    return sum(
        (_DOCUMENT.get(entry.kind, ""), entry.reference) not in there
        for entry in held.entries
        if entry.kind in ("gift", *_DOCUMENT)
    )


def _gaps(held: Held) -> int:
    serials: dict[tuple[str, int], list[int]] = defaultdict(list)
    for receipt in held.receipts:
        serials[receipt.recipient, receipt.year].append(receipt.serial)
    wrong = 0
    for year in serials.keys() | held.counters.keys():
        counted, last = Counter(serials[year]), held.counters.get(year, 0)
        wanted = range(1, last + 1)
        wrong += sum(counted[serial] != 1 for serial in wanted)
        wrong += sum(serial not in wanted for serial in counted)
    return wrong


def _unsent(held: Held, taken: Sequence[Taken]) -> int:
    went = {(message_id_of(one), one.to) for one in taken}
    brought = {one.receipt_id for one in held.mails}
    return sum((one.message_id, one.address) not in went for one in held.mails) + sum(
        one.id not in brought for one in held.receipts
    )


def _other_ids(held: Held, taken: Sequence[Taken]) -> int:
    """A mail is known by whom it goes to and what it says, whatever its Message-ID."""
    names: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in taken:
        message = message_from_bytes(one.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        text = message.get_body(("plain",))
        said = str(text.get_content()) if text else ""
        names[one.to, str(message["Subject"]), said].add(message_id_of(one))
    known = {one.message_id for one in held.mails}
    strangers = {name for mine in names.values() for name in mine} - known
    return sum(len(mine) - 1 for mine in names.values()) + len(strangers)
