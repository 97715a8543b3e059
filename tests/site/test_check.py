"""``make check``: what a build would refuse, and what only the organisation can supply."""

from tests.site.tiny_site import TinySite, contents


def test_check_lists_what_is_to_be_supplied(site: TinySite) -> None:
    """As notices: nothing is wrong, so the exit code is 0, and the built site is not touched."""
    before = contents(site.output)
    run = site.run("check")
    assert run.code == 0, run.said
    file = "content/organisation.toml"
    for fact in ("phone", "address", "weibo", "public_security_filing", "legal_name"):
        run.tells(f"fact.{fact}", file)
    run.tells("fact.mode", file)
    run.tells("fact.registration", file)
    run.tells("fact.pictures", "content/images")
    assert "fact.email" not in run.said  # it is there
    assert "没有错误" in run.said
    assert "There are no errors" in run.said
    assert contents(site.output) == before
    assert not [*site.folder.glob("output.*")]


def test_what_is_confirmed_is_asked_for_no_more(site: TinySite) -> None:
    """A charity outside China needs neither Weibo nor a filing."""
    site.edit("content/organisation.toml", 'countries = ["CN"]', 'phone = "1"\naddress.en = "1"')
    site.edit("content/organisation.toml", '"undeclared"', '"info-only"')
    run = site.run("check")
    assert run.code == 0, run.said
    for fact in ("phone", "address", "weibo", "public_security_filing", "mode"):
        assert f"fact.{fact}" not in run.said


def test_check_tells_of_a_file_that_it_cannot_read(site: TinySite) -> None:
    """Once, and goes on."""
    site.edit("content/organisation.toml", "founded = 1999", "founded = ")
    run = site.run("check")
    assert run.code == 1
    assert run.said.count("[file.line]") == 1
    assert "Traceback" not in run.said
    assert not (site.folder / "var" / "error.log").exists()


def test_check_ends_with_1_for_errors_only(site: TinySite) -> None:
    """A warning does not stop anybody's work; an error does."""
    (site.folder / "content" / "pages" / "privacy.en.md").unlink()
    run = site.run("check")
    run.tells("translation.missing", "content/pages/privacy.zh.md")
    assert run.code == 0, run.said
    # The foot of each page links to it, and nothing may stand in for it.
    site.edit("content/site.toml", "[[footer]]", "[fallback]\npages = false\n\n[[footer]]")
    run = site.run("check")
    run.tells("menu.untranslated", "content/site.toml")
    assert run.code == 1
    assert "有错误" in run.said
    assert "There are errors" in run.said
