"""Simplified Chinese told from Traditional by the standards of their scripts, and not by OpenCC."""

import re

# Hong Kong writes them too, though Big5 leaves them out.
_ALSO_IN_HONG_KONG = set("着叁")


def simplified(text: str) -> set[str]:
    """The Han characters that GB 2312 has and Big5 has not: nobody types them in Traditional."""
    han = set(re.findall(r"[\u4e00-\u9fff]", text)) - _ALSO_IN_HONG_KONG
    return {one for one in han if _has("gb2312", one) and not _has("big5", one)}


def _has(encoding: str, character: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False
