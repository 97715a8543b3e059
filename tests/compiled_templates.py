"""Templates that are compiled once for all the portals and sites that a run of the tests starts.

Each of these has an environment of its own, and would compile the same templates again.
"""

import jinja2
from jinja2.bccache import Bucket


class CompiledTemplates(jinja2.FileSystemBytecodeCache):
    """By a template's source and how it is to be read, whichever folder it lies in."""

    def get_bucket(
        self,
        environment: jinja2.Environment,
        name: str,
        filename: str | None,  # noqa: ARG002  # of a copy of the theme, as a rule
        source: str,
    ) -> Bucket:
        how = [environment.trim_blocks, environment.lstrip_blocks, environment.autoescape is True]
        known = [sorted(one) for one in (environment.extensions, environment.filters)]
        return super().get_bucket(environment, name, f"{how} {known} {source}", source)


def compile_once(folder: str) -> None:
    """From now on each environment of this process takes what it compiles from ``folder``."""
    compiled, begin = CompiledTemplates(folder), jinja2.Environment.__init__

    def start(environment: jinja2.Environment, *given: object, **named: object) -> None:
        begin(environment, *given, **{"bytecode_cache": compiled} | named)  # type: ignore[arg-type]

    jinja2.Environment.__init__ = start  # type: ignore[assignment, method-assign]
