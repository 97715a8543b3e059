"""Where a recipient's transfers go: the table ``[recipient.bank]`` of organisation.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from donations_api.tables import Table, Texts

# What a donor's bank may ask for, in the order in which it is shown.
DETAILS = ("account_name", "account_number", "iban", "sort_code", "bank", "bank_code", "swift")


@dataclass(frozen=True, slots=True)
class BankDetails:
    """An account for transfers in ``currencies``. ``texts``: those of ``DETAILS`` it has."""

    currencies: tuple[str, ...]
    texts: Mapping[str, Texts]


def read_bank(recipient: Table, languages: Sequence[str]) -> BankDetails:
    """A detail is one text for all ``languages``, or one for each. Raises FileWrong."""
    values = recipient.need("bank")
    if not isinstance(values, dict):
        recipient.refuse("bank", "file.texts")
    table = Table(recipient.file, f"{recipient.where}.bank", values)
    currencies = tuple(table.list("currencies"))
    taken = recipient.list("currencies")
    if set(currencies) - set(taken):
        table.refuse("currencies", "file.one_of", choices=", ".join(taken))
    given = set(values) - {"currencies"}
    if unknown := sorted(given - set(DETAILS)):
        table.refuse(unknown[0], "file.one_of", choices=", ".join(DETAILS))
    if not given:
        table.need("account_number")
    return BankDetails(
        currencies, {key: table.told(key, languages) for key in DETAILS if key in given}
    )
