"""Whether a text that donors typed gives away how somebody can be reached. Pure."""

import re
import unicodedata

# Seven digits, whatever stands between them, are a telephone, an identity card or an account.
_NUMBER = re.compile(r"\d(?:[\s\-./()+_·,，。、]*\d){6,}")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}(?!\d)")
_ADDRESS = re.compile(r"\S\s*@\s*\S")
# A house, as it is written in Chinese and in English.
_HOUSE = re.compile(
    r"\d\s*(?:号楼|单元|栋|幢|室)|(?:路|街|巷|弄|胡同|大道)\s*\d+\s*(?:号|弄)"
    r"|\b\d+[a-z]?(?:\s+[a-z]+){1,3}\s+(?:street|st|road|rd|avenue|ave|lane)\b(?!\s+\w)",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
# Who hides a number from programs writes it in characters.
_DIGITS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")


def contact_detail(text: str) -> str:
    """What is in ``text``: ``email``, ``number``, ``link`` or ``address``; empty for none.

    Wide characters and digits written in Chinese are read like the plain ones; a date is no number.
    """
    plain = unicodedata.normalize("NFKC", text)
    if _ADDRESS.search(plain):
        return "email"
    if _LINK.search(plain):
        return "link"
    # What has no width or sign (soft hyphens, say) parts digits unseen.
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    if _NUMBER.search(_DATE.sub(" ", plain).translate(_DIGITS)):
        return "number"
    return "address" if _HOUSE.search(plain) else ""
