"""``offline-gift`` and ``correct``: what a person enters, with who and why."""

import argparse
from datetime import UTC, date, datetime, time

from email_validator import EmailNotValidError, validate_email

from donations_api.app import portal_for
from donations_api.commands import DONE, ready_ledger
from donations_api.console import say, text
from donations_api.entry import Account
from donations_api.errors import Explained
from donations_api.money import AmountUnreadable, Money, parse_amount
from donations_api.offline import Correction, OfflineGift, enter_gift
from donations_api.offline import correct as put_right
from donations_api.settings import Settings


def _who_and_why(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--amount", required=True, help=text("cli.amount"))
    parser.add_argument("--currency", required=True, help=text("cli.currency"))
    parser.add_argument("--reference", required=True, help=text("cli.reference"))
    parser.add_argument("--by", required=True, help=text("cli.by"))
    parser.add_argument("--why", required=True, help=text("cli.why"))


def offline_gift_words(parser: argparse.ArgumentParser) -> None:
    _who_and_why(parser)
    accounts = (Account.BANK.value, Account.CASH.value)
    parser.add_argument(
        "--account", choices=accounts, default=accounts[0], help=text("cli.account")
    )
    parser.add_argument("--name", required=True, help=text("cli.name"))
    parser.add_argument("--email", default="", help=text("cli.email"))
    parser.add_argument("--language", default="", help=text("cli.language"))
    parser.add_argument("--fund", default="", help=text("cli.fund"))
    parser.add_argument("--recipient", default="", help=text("cli.recipient"))
    parser.add_argument("--date", type=date.fromisoformat, required=True, help=text("cli.date"))


def offline_gift(settings: Settings, options: argparse.Namespace) -> int:
    """Book a gift that came by bank transfer or in cash, with its receipt."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    recipient = options.recipient or portal.giving.recipients[0].key
    declared = portal.giving.recipient(recipient)
    if not declared:
        raise Explained("offline.recipient", recipient=recipient)
    # Noon there: a day is the same day then wherever it is read.
    noon = datetime.combine(options.date, time(12), tzinfo=declared.time_zone)
    offline = OfflineGift(
        amount=_amount(options),
        account=Account(options.account),
        reference=options.reference,
        name=options.name,
        email=_email(options.email),
        language=_language(options.language, [one.code for one in portal.frame.languages]),
        fund=options.fund or portal.giving.funds[0].key,
        recipient=recipient,
        received_at=min(noon.astimezone(UTC), portal.clock()),
        entered_by=options.by,
        reason=options.why,
    )
    with ledger.books() as books:
        gift = enter_gift(portal.clerk(books), offline)
        receipt = books.receipt_of(gift.id)
        books.commit()
    say("cli.entered", gift=gift.id, number=receipt.number if receipt else "")
    return DONE


def correct_words(parser: argparse.ArgumentParser) -> None:
    _who_and_why(parser)
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
        amount=_amount(options),
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


def _amount(options: argparse.Namespace) -> Money:
    currency = options.currency.upper()
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
