"""Tables as files that Excel opens right, and the same read back."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from donations_api.errors import Explained

# What a spreadsheet takes for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written_as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV; a cell that Excel would calculate is marked as text."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row)
    # The mark at the beginning tells Excel that it is UTF-8.
    return file.getvalue().encode("utf-8-sig")


def read_from_csv(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with its line in the file, from UTF-8 or GBK.

    Raises Explained for what is neither, or no table at all.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Explained("spreadsheet.encoding")
    if "\0" in text:
        raise Explained("spreadsheet.no_table")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error:
        raise Explained("spreadsheet.row", row=str(reader.line_num)) from None
