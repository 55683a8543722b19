"""The command over a folder of given files."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli.verbs import app

from .running import THREE, Command, Ran, table


@pytest.fixture
def stability(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command over a folder of these files; the results lie in a folder of their own."""

    def run(
        spells: str | bytes | None,
        workers: str | bytes | None = None,
        rules: Any = (THREE,),
        *extra: str,
        as_of: str = "2025-12-31",
    ) -> Ran:
        for name, content in (("spells.csv", spells), ("workers.csv", workers)):
            (tmp_path / name).unlink(missing_ok=True)
            if content is not None:
                (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        text = rules if isinstance(rules, str) else json.dumps(rules)
        (tmp_path / "rules.json").write_text(text, encoding="utf-8")
        out = tmp_path / "out" / "stable.csv"
        out.parent.mkdir(exist_ok=True)
        for old in out.parent.iterdir():
            old.unlink()
        arguments = ["stability", str(tmp_path), "--rules", str(tmp_path / "rules.json"), "--as-of", as_of]
        try:
            status = int(app([*arguments, "--out", str(out), "--json", *extra], standalone_mode=False) or 0)
        except typer.TyperException:
            status = 2
        said = capsys.readouterr()
        answer = json.loads(said.out) if said.out else {}
        content = out.read_bytes() if out.exists() else b""
        return Ran(status, said.err, answer, table(out), table(out.with_name("rejected.csv")), content)

    return run
