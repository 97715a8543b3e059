"""The signed links that lead to a donor's own pages, without an account.

Who comes back from the payment page sees that one gift. Only a link that was sent to the donor's
address opens more (receipts, all gifts, the pledge): anybody can type somebody else's address into
the form, but nobody else reads the mail.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from itsdangerous import BadData, URLSafeSerializer

from donations_api.settings import Settings

_RECEIPT = "receipt_"  # every receipt's id begins so; twelve random bytes follow, in hexadecimal
_PROOF = 8  # bytes


class Links:
    """Makes and reads the links of one portal. A link that was not signed here raises BadData."""

    def __init__(self, settings: Settings) -> None:
        self._site = settings.site_url
        self._signers = {
            name: URLSafeSerializer(
                settings.secret_key, salt=name, signer_kwargs={"digest_method": hashlib.sha256}
            )
            for name in ("gift", "my-gift", "my-pledge", "reminder")
        }
        self._checking = hashlib.sha256(f"receipt {settings.secret_key}".encode()).digest()

    def returning(self, gift_id: str) -> str:
        """The token of the pages that a donor comes back to from the payment page."""
        return self._signed("gift", gift_id)

    def gift_returned_to(self, token: str) -> str:
        return self._read("gift", token)

    def my_gift(self, gift_id: str, moves: int = 0) -> str:
        """For mails only: the gift's state, its receipts, and all gifts of this donor.

        ``moves``: how often the donor's address was corrected; what was mailed to an earlier one
        opens no longer.
        """
        return f"{self._site}/gifts/{self._signed('my-gift', _moved(gift_id, moves))}"

    def gift_of(self, token: str) -> tuple[str, int]:
        """The gift, and how often the address had been corrected when the link was mailed."""
        return self._mailed("my-gift", token)

    def my_pledge(self, pledge_id: str, moves: int = 0) -> str:
        """For mails only: change, pause or end monthly giving."""
        return f"{self._site}/pledges/{self._signed('my-pledge', _moved(pledge_id, moves))}"

    def stop(self, pledge_id: str, moves: int = 0) -> str:
        """Where a mail program ends the reminders by itself (RFC 8058)."""
        return f"{self.my_pledge(pledge_id, moves)}/stop"

    def pledge_of(self, token: str) -> tuple[str, int]:
        return self._mailed("my-pledge", token)

    def next_gift(self, pledge_id: str, period: str) -> str:
        """For reminders: straight to the payment page of this month's gift (``2026-12``)."""
        return f"{self._site}/reminders/{self._signed('reminder', f'{pledge_id} {period}')}"

    def reminder_of(self, token: str) -> tuple[str, str]:
        """The pledge and the month that a reminder was about."""
        pledge_id, _, period = self._read("reminder", token).partition(" ")
        return pledge_id, period

    def check(self, receipt_id: str) -> str:
        """For papers: where anybody who holds one sees whether it is genuine and still stands."""
        name = bytes.fromhex(receipt_id.removeprefix(_RECEIPT))
        return f"{self._site}/receipts/{self._code(name)}"

    def receipt_of(self, code: str) -> str:
        """The id of the receipt that a paper's code is about."""
        try:
            name = urlsafe_b64decode(f"{code}==")[:-_PROOF]
        except ValueError:
            raise BadData("no code") from None
        # Compared as it is written: of one code there is one spelling.
        if not hmac.compare_digest(code.encode(), self._code(name).encode()):
            raise BadData("not a code of ours")
        return f"{_RECEIPT}{name.hex()}"

    def _code(self, name: bytes) -> str:
        """Twelve bytes of the id, eight that prove it: a QR code is read the better the less is in
        it, and a signature of itsdangerous is twice as long.
        """
        proof = hmac.digest(self._checking, name, hashlib.sha256)[:_PROOF]
        return urlsafe_b64encode(name + proof).rstrip(b"=").decode()

    def _signed(self, signer: str, text: str) -> str:
        return str(self._signers[signer].dumps(text))

    def _mailed(self, signer: str, token: str) -> tuple[str, int]:
        name, _, moves = self._read(signer, token).partition(" ")
        return name, int(moves or 0)

    def _read(self, signer: str, token: str) -> str:
        text = self._signers[signer].loads(token)
        if not isinstance(text, str):
            raise BadData("not a name")
        return text


def _moved(name: str, moves: int) -> str:
    return f"{name} {moves}" if moves else name
