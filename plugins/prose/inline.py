"""The text of a paragraph without the marks inside it: emphasis, links, code, tags."""

import re

from plugins.prose.block import HIDDEN, Character

_MARKS = re.compile(
    r"""
    (?P<escaped>  \\[\\`*_{}\[\]()<>\#+.!|~"'-] )
  | (?P<hidden>
        (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)                # code
      | !\[[^\]]*\](?:\([^)]*\)|\s?\[[^\]]*\])                    # a picture
      | <(?P<element>code|kbd|samp|pre|script|style)\b.*?</(?P=element)>
      | <(?P<foreign>\w+)[^>]*\slang=[^>]*>.*?</(?P=foreign)>     # a text in another language
      | <!--.*?--> | </?[a-zA-Z][^>]*> | <[^\s<>]+[:@][^\s<>]+>   # a tag, an address by itself
      | &\#?\w+;
      | (?:https?://|www\.|mailto:|\{\w+\})[!-'*-~]+              # as far as an address can go
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
  | (?P<dropped>                                                  # readers see nothing at all
        \[\^[^\]\s]+\]                                            # the number of a footnote
      | \[(?=[^\[\]]*\]\s?[(\[])                                  # begin and end of a link
      | \]\((?:<[^>]*>|[^()\s]|\([^()\s]*\))*(?:\s+(?:"[^"]*"|'[^']*'))?\s*\) | \]\s?\[[^\]]*\]
      | \{:[^}\n]*\} | \{[.\#][^}\n]*\}                           # attributes
      | \*+ | ~~ )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def readable(text: str, spans: list[tuple[int, int]], *, fixed: bool = False) -> list[Character]:
    """What is read of ``spans`` of the file's text, which are the lines of one paragraph."""
    written: list[Character] = []
    for begin, end in spans:
        written += [Character("\n", begin, True)] if written else []
        written += [Character(text[at], at, fixed) for at in range(begin, end)]
    line = "".join(one.shown for one in written)
    read: list[Character] = []
    at = 0
    for match in _MARKS.finditer(line):
        read += written[at : match.start()]
        if match["escaped"]:
            read.append(written[match.end() - 1]._replace(fixed=True))
        elif match["hidden"]:
            read.append(Character(HIDDEN, written[match.start()].offset, True))
        at = match.end()
    return read + written[at:]
