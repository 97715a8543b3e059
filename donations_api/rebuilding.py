"""The ledger made anew, from Stripe's statement and from what people entered, and compared.

That the two are equal proves that nothing in the ledger depends on which webhooks came, or when.
"""

from collections.abc import Iterator
from dataclasses import replace

from donations_api.entry import CAME, Entry
from donations_api.ledger import Ledger
from donations_api.portal import Portal
from donations_api.reconciliation import reconcile
from donations_api.records import Difference
from donations_api.recovery import Progress
from donations_api.statement import shown

# What an entry is known by, and what must be equal of it.
_Key = tuple[str, str]
_Facts = tuple[str, ...]


def rebuild(portal: Portal, scratch: Ledger, progress: Progress) -> list[Difference]:
    """Make the ledger again in ``scratch``, a database of its own, and compare the two.

    Numbers of receipts and times of booking are its own; nothing is mailed from it. Raises
    StripeUnavailable.
    """
    scratch.migrate()
    with portal.ledger.reading() as books:
        by_hand = books.entered_by_hand()
        ids = sorted({one.gift_id for one in by_hand if one.gift_id})
        gifts = [gift for gift_id in ids if (gift := books.gift(gift_id))]
    with scratch.books() as books:
        for gift in gifts:
            books.add_gift(replace(gift, pledge_id=None))
        for entry in by_hand:
            books.post(entry)
        books.commit()
    reconcile(replace(portal, ledger=scratch), progress, events=False)
    with portal.ledger.reading() as books:
        ours = _facts(books.entries())
    with scratch.reading() as books:
        rebuilt = _facts(books.entries())
    return list(_compared(ours, rebuilt))


def _facts(entries: list[Entry]) -> dict[_Key, _Facts]:
    """All that must be equal. A gift is known by its money, since renewals get new ids."""
    came = {one.gift_id: one.reference for one in entries if one.kind in CAME}
    return {
        (one.kind.value, one.reference): (
            shown(one.amount.minor, one.amount.currency),
            f"{one.taken_from} → {one.put_into}",
            one.fund,
            one.recipient,
            came.get(one.gift_id, "") if one.gift_id else "",
        )
        for one in entries
    }


def _compared(ours: dict[_Key, _Facts], rebuilt: dict[_Key, _Facts]) -> Iterator[Difference]:
    for key in sorted({*ours, *rebuilt}):
        mine, theirs = ours.get(key, ()), rebuilt.get(key, ())
        if mine == theirs:
            continue
        what = "other_amount" if mine and theirs else "missing_at_stripe"
        yield Difference(
            what if mine else "missing_in_ledger",
            " ".join(key),
            ", ".join(filter(None, mine)),
            ", ".join(filter(None, theirs)),
        )
