"""Docs are held to the code."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[\[>=<~ ]", entry)[0] for entry in named]
    assert [name for name in names if name not in told and not name.startswith("types-")] == []


def test_every_problem_type_is_documented() -> None:
    told = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    named = {name for file in (ROOT / "api").rglob("*.py") for name in _names(file)}
    assert len(named) > 20
    assert {name for name in named if name not in told} == set()


def _names(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            position = {"Problem": 1, "Words": 1, "conflict": 0}.get(node.func.id)
            if position is not None and len(node.args) > position:
                argument = node.args[position]
                if isinstance(argument, ast.Constant):
                    found.add(argument.value)
    return found


def test_every_test_that_security_names_is_there() -> None:
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", told)
    assert len(named) > 50
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists()
        or (name and f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert missing == []
