"""Lines of Chinese are joined without a space; everything else keeps its line breaks."""

import pytest
from markdown import Markdown

LINE_BREAKS = "plugins.markdown_extensions.line_breaks"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("第一行\n第二行", "第一行第二行"),
        ("说完，\n就走", "说完，就走"),
        ("他说\n“你好”\n再见", "他说“你好”再见"),
        ("与**强调**\n文字", "与<strong>强调</strong>文字"),
        ("**强调\n文字**\n在后", "<strong>强调文字</strong>在后"),
        ("[甲\n乙](x)\n丙", '<a href="x">甲乙</a>丙'),
        ("中文\nEnglish\n中文", "中文\nEnglish\n中文"),
        ("two\nlines", "two\nlines"),
        ("中文\n`代码`\n中文", "中文\n<code>代码</code>\n中文"),
        ("한국\n어", "한국\n어"),
        ("行尾  \n换行", "行尾<br>\n换行"),
    ],
)
def test_a_line_break_in_a_paragraph(written: str, shown: str) -> None:
    """Joined only where both sides are Chinese, also across emphasis and links."""
    markdown = Markdown(extensions=[LINE_BREAKS], output_format="html")
    assert markdown.convert(written) == f"<p>{shown}</p>"


def test_code_and_lists_keep_their_lines() -> None:
    """Blocks stay apart, and what is quoted as code is left as it is."""
    markdown = Markdown(extensions=["extra", LINE_BREAKS], output_format="html")
    assert "甲\n乙" in markdown.convert("```\n甲\n乙\n```")
    assert markdown.reset().convert("- 甲\n  乙\n- 丙") == "<ul>\n<li>甲乙</li>\n<li>丙</li>\n</ul>"
