"""The Nu HTML Checker, and the two things of which it cannot know better."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.architecture.tree import ROOT

NU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# It runs for seconds: compiling its code well takes as long again.
JAVA = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m"]

# The checker reads files, and a file has no 'self' from which our own files may come.
OF_A_FILE = re.compile(
    r"Resource violates Content Security Policy \(meta tag\): "
    r"(?:external stylesheet|external script “/theme/|image “/)"
)

# It holds JSON to a policy about scripts, which browsers never look at for data that they do not
# run (HTML, "prepare the script element"). Excused on a line that is such a block from its start.
OF_DATA = "Inline script violates Content Security Policy (meta tag)"
DATA = '<script type="application/ld+json">'


def nu(*files: Path) -> list[str]:
    """What the checker says of these files: ``name:line: what``. It starts once for all of them."""
    java = shutil.which("java") or "java"
    command = [java, *JAVA, "-jar", str(NU), "--format", "json", "--stdout", "--exit-zero-always"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    return [
        f"{Path(said['url']).name}:{said.get('lastLine')}: {said['message']}"
        for said in json.loads(ran.stdout)["messages"]
        if (said["type"] == "error" or said.get("subType") == "warning") and not is_excused(said)
    ]


def is_excused(said: dict[str, Any]) -> bool:
    """Whether the checker is wrong here, for one of the two reasons above."""
    if said["message"].startswith(OF_DATA):
        lines = Path(urlsplit(said["url"]).path).read_text(encoding="utf-8").splitlines()
        line: str = lines[said["lastLine"] - 1]
        return line.startswith(DATA) and line.count("<script") == 1
    return bool(OF_A_FILE.match(said["message"]))
