"""What a person enters, with who and why.

``offline-gift``, ``in-kind-gift``, ``announce-transfer`` and ``correct``.
"""

import argparse
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from donations_api.app import portal_for
from donations_api.commands import DONE, ready_ledger
from donations_api.console import say, text
from donations_api.entry import Account
from donations_api.errors import Explained
from donations_api.giving import Recipient
from donations_api.money import AmountUnreadable, Money, parse_amount
from donations_api.offline import (
    Correction,
    GiftInKind,
    OfflineGift,
    announce,
    enter_gift,
    enter_in_kind,
    noon,
    promised,
)
from donations_api.offline import correct as put_right
from donations_api.periods import day_of
from donations_api.portal import Portal
from donations_api.records import Signed
from donations_api.settings import Settings


def who_and_why(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, help=text("cli.by"))
    parser.add_argument("--why", required=True, help=text("cli.why"))


def signed(options: argparse.Namespace) -> Signed:
    return Signed(options.by, options.why)


def donor_words(parser: argparse.ArgumentParser, *, named: bool) -> None:
    """Who gave, and for what; ``named``: a name is needed."""
    parser.add_argument("--name", required=named, default="", help=text("cli.name"))
    parser.add_argument("--email", default="", help=text("cli.email"))
    parser.add_argument("--language", default="", help=text("cli.language"))
    parser.add_argument("--fund", default="", help=text("cli.fund"))


def donor(portal: Portal, options: argparse.Namespace) -> dict[str, str]:
    """What ``donor_words`` were given, checked. Raises Explained."""
    return {
        "name": options.name,
        "email": _email(options.email),
        "language": _language(options.language, [one.code for one in portal.frame.languages]),
        "fund": options.fund or portal.giving.funds[0].key,
    }


def _money_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--amount", required=True, help=text("cli.amount"))
    parser.add_argument("--currency", required=True, help=text("cli.currency"))


def _reference_word(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reference", required=True, help=text("cli.reference"))


def _recipient_word(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipient", default="", help=text("cli.recipient"))


def _date_word(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", required=True, help=text("cli.date"))


def _recipient(portal: Portal, options: argparse.Namespace) -> Recipient:
    key = options.recipient or portal.giving.recipients[0].key
    recipient = portal.giving.recipient(key)
    if not recipient:
        raise Explained("offline.recipient", recipient=key)
    return recipient


def offline_gift_words(parser: argparse.ArgumentParser) -> None:
    _money_words(parser)
    _reference_word(parser)
    who_and_why(parser)
    accounts = (Account.BANK.value, Account.CASH.value)
    parser.add_argument(
        "--account", choices=accounts, default=accounts[0], help=text("cli.account")
    )
    donor_words(parser, named=True)
    _recipient_word(parser)
    _date_word(parser)


def offline_gift(settings: Settings, options: argparse.Namespace) -> int:
    """Book a gift that came by bank transfer or in cash, with its receipt."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    recipient = _recipient(portal, options)
    offline = OfflineGift(
        amount=_amount(portal, options),
        account=Account(options.account),
        reference=options.reference,
        **donor(portal, options),
        recipient=recipient.key,
        received_at=_received_at(portal, recipient, options),
        entered_by=options.by,
        reason=options.why,
    )
    with ledger.books() as books:
        gift = enter_gift(portal.clerk(books), offline)
        receipt = books.receipt_of(gift.id)
        books.commit()
    say("cli.entered", gift=gift.id, number=receipt.number if receipt else "")
    return DONE


def in_kind_gift_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--what", required=True, help=text("cli.what"))
    _reference_word(parser)
    who_and_why(parser)
    donor_words(parser, named=True)
    _recipient_word(parser)
    _date_word(parser)


def in_kind_gift(settings: Settings, options: argparse.Namespace) -> int:
    """Keep a gift of things, described and not valued, with its receipt."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    recipient = _recipient(portal, options)
    things = GiftInKind(
        description=options.what,
        reference=options.reference,
        **donor(portal, options),
        recipient=recipient.key,
        received_at=_received_at(portal, recipient, options),
    )
    with ledger.books() as books:
        gift = enter_in_kind(portal.clerk(books), things, signed(options))
        receipt = books.receipt_of(gift.id)
        books.commit()
    say("cli.entered", gift=gift.id, number=receipt.number if receipt else "")
    return DONE


def announce_transfer_words(parser: argparse.ArgumentParser) -> None:
    _money_words(parser)
    who_and_why(parser)
    donor_words(parser, named=True)
    _recipient_word(parser)


def announce_transfer(settings: Settings, options: argparse.Namespace) -> int:
    """Keep a gift that a donor will transfer, and send the code that the transfer should have."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    recipient = _recipient(portal, options).key
    gift = promised(_amount(portal, options), recipient, portal.clock(), **donor(portal, options))
    if not portal.giving.fund(gift.fund):
        raise Explained("offline.fund", fund=gift.fund)
    with ledger.books() as books:
        announced = announce(portal.clerk(books), gift, signed(options))
        books.commit()
    say("cli.announced", gift=announced.id, code=announced.transfer_code or "")
    return DONE


def correct_words(parser: argparse.ArgumentParser) -> None:
    _money_words(parser)
    _reference_word(parser)
    who_and_why(parser)
    accounts = [one.value for one in Account]
    for word, where in (("--from", "source"), ("--to", "target")):
        one = parser.add_argument(word, dest=where, choices=accounts, required=True)
        one.help = text(f"cli.{word[2:]}")
    parser.add_argument("--gift", help=text("cli.gift"))


def correct(settings: Settings, options: argparse.Namespace) -> int:
    """Move money between two accounts of the ledger by a further entry."""
    if options.source == options.target:
        raise Explained("offline.same_account", account=options.target)
    ledger, portal = ready_ledger(settings), portal_for(settings)
    correction = Correction(
        amount=_amount(portal, options),
        taken_from=Account(options.source),
        put_into=Account(options.target),
        reference=options.reference,
        gift_id=options.gift,
        entered_by=options.by,
        reason=options.why,
    )
    with ledger.books() as books:
        put_right(portal.clerk(books), correction)
        books.commit()
    say("cli.corrected", reference=options.reference)
    return DONE


def _received_at(portal: Portal, recipient: Recipient, options: argparse.Namespace) -> datetime:
    """When what is entered came, as UTC. Raises Explained for a day that has not come."""
    day, now = day_of(options.date), portal.clock()
    if day > now.astimezone(recipient.time_zone).date():
        raise Explained("offline.day_to_come", day=f"{day}")
    return noon(day, recipient, now)


def _amount(portal: Portal, options: argparse.Namespace) -> Money:
    currency = options.currency.upper()
    if not portal.giving.currency(currency):  # RMB, say: nobody could correct it at the desk
        known = ", ".join(one.code for one in portal.giving.currencies)
        raise Explained("offline.currency", currency=currency, known=known)
    try:
        return parse_amount(options.amount, currency)
    except AmountUnreadable as error:
        raise Explained(
            "offline.amount", amount=options.amount, currency=currency, reason=error.reason
        ) from None


def _email(typed: str) -> str:
    if not typed:
        return ""
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Explained("mail.address", address=typed) from None


def _language(typed: str, known: list[str]) -> str:
    if typed and typed not in known:
        raise Explained("offline.language", language=typed, known=", ".join(known))
    return typed or known[0]
