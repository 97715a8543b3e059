"""Rule C8: whoever approves a picture or a story is somebody else than its author."""


def same_person(author: object, approver: object) -> bool:
    """Whether both names are there and are one."""
    return bool(said(author)) and said(author) == said(approver)


def said(value: object) -> str:
    """A name as people mean it: however spaced and whatever its letters' case."""
    return "".join(value.split()).casefold() if isinstance(value, str) else ""
