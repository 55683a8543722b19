"""The house rules that tools can hold: direction of imports, types, style, and what must never be in a file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 350
"""Lines of a source file; each longer one needs its reason here."""

LONG_FOR_A_REASON = {
    "alembic/versions/0001_the_loop.py": "every table of the first release, written by autogenerate",
    "alembic/versions/0002_the_ledger.py": "every table of the ledger, written by autogenerate",
    "alembic/versions/0005_ladder.py": "every table of the ladder, written by autogenerate",
    "tests/api/test_bad_commands.py": "most of it is the list of commands and their rows",
    "tests/api/test_bad_input.py": "most of it is the list of what is tried",
    "tests/api/test_chain.py": "every way that the record may be tampered with, and who could",
    "tests/api/test_comparisons.py": "one comparison gone through from the list to the last row",
    "tests/api/test_doubts.py": "one ledger's findings from the first run to the last explanation",
    "tests/api/test_identity_handover.py": "every way that two counties meet over one person",
    "tests/api/test_jobs.py": "every way that a job ends, with the processes that make it end",
    "tests/api/test_ownership.py": "most of it is the list of routes and whose rows they name",
    "tests/api/test_pages.py": "every page is gone through by the same clerk's hand",
    "tests/api/test_rights.py": "most of it is the table of routes",
    "tests/api/test_row_security.py": "most of it is the list of statements that are tried",
    "tests/api/workbooks/test_writing.py": "the files are taken apart down to their XML",
    "tests/ledger/identity/test_merging.py": "what a merge moves, table by table, and back",
    "tests/outcomes/piece_by_piece.py": "one definition, to be read from the top to the end",
    "tests/outcomes/test_stability.py": "the cases of one function, each worked by hand",
}
SOURCE = ("api", "ledger", "matching", "models", "outcomes", "alembic", "tests", "benchmarks")
TEXT = {".py", ".md", ".toml", ".ini", ".yml", ".yaml", ".html", ".css", ".js", ".txt", ".lock", ".mako", ""}


def tracked() -> list[Path]:
    """The files of the project, as git knows them, or as they lie where there is no git."""
    if git := shutil.which("git"):
        listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
        names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
        if any(names):
            return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return [
        path
        for part in SOURCE
        for path in (ROOT / part).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]


def told(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_go_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    result = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert result == 0, capsys.readouterr().out


def test_types() -> None:
    run(sys.executable, "-m", "mypy")


def test_style() -> None:
    run(sys.executable, "-m", "ruff", "check", ".")


def test_layout() -> None:
    run(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_alembic_and_tests_are_no_packages() -> None:
    """With an `__init__.py` the folder would shadow the library; tests are found by their paths."""
    assert not (ROOT / "alembic" / "__init__.py").exists()
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_no_file_is_long_without_a_reason() -> None:
    long = {
        told(path)
        for path in tracked()
        if path.suffix == ".py" and len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    assert long - LONG_FOR_A_REASON.keys() == set(), "say why, or split it"
    assert LONG_FOR_A_REASON.keys() - long == set(), "short enough by now"


def test_matching_asks_no_clock_and_no_environment() -> None:
    asked = re.compile(r"\b(date\.today|datetime\.now|time\.time|os\.environ|getenv)\b")
    found = [told(path) for path in (ROOT / "matching").glob("*.py") if asked.search(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a path of one machine", r"(?<![\w.])/(?:work|home/\w+|Users/\w+)/\w"),
        ("a package mirror", r"https?://[\w.-]*(?:mirror|artifactory|nexus|devpi|proxy)[\w.-]*"),
        ("a registry's host", r"https?://(?:registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org/simple)"),
        ("pickled code", r"\b(?:import pickle|import joblib|pickle\.loads?|joblib\.(?:load|dump))\b"),
        ("a private key", r"-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----"),
        ("a mark of unfinished work", r"\b(?:TO" + r"DO|FIX" + r"ME|XXX" + r"X?:)\b"),
    ],
)
def test_what_is_in_no_file(what: str, pattern: str) -> None:
    found = [
        f"{told(path)}:{number}"
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == [], what
