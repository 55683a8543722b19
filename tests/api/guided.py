"""The examples of docs/rest.md, carried out: curl, a little jq, and what is answered compared with what is shown."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.testclient import TestClient

_SET = re.compile(r"^(\w+)=\$\((curl .*?) \| jq -r '?([^ ']+)'?\)$", re.DOTALL)
LATER = "# some seconds later"


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    language: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page, in their order."""
    found = re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [Block(language, text) for language, text in found]


@dataclass
class Shell:
    """Carries out the lines of a block. `work` does what jobs wait; `files` lie in the folder."""

    client: TestClient
    variables: dict[str, str]
    work: Callable[[], Any]
    files: dict[str, bytes] = field(default_factory=dict)

    def run(self, text: str) -> Any:
        """The answer of the last command."""
        answer = None
        for line in text.replace("\\\n", " ").strip().splitlines():
            if line == LATER:
                self.work()
            elif found := _SET.match(line):
                answer = self._curl(found[2])
                assert answer.is_success, answer.text
                self.variables[found[1]] = str(_jq(answer.json(), found[3]))
            else:
                answer = self._curl(line)
        return answer

    def _curl(self, line: str) -> Any:
        for name, value in sorted(self.variables.items(), key=lambda each: -len(each[0])):
            line = line.replace(f"${name}", value)
        words = iter(shlex.split(line)[1:])
        method, url = "", ""
        headers: dict[str, str] = {}
        data: list[str] = []
        parts: dict[str, Any] = {}
        form: dict[str, str] = {}
        for word in words:
            match word:
                case "-s":
                    pass
                case "-X":
                    method = next(words)
                case "-H":
                    name, _, value = next(words).partition(": ")
                    headers[name] = value
                case "-d":
                    data.append(next(words))
                case "-F":
                    name, _, value = next(words).partition("=")
                    if value.startswith("@"):
                        parts[name] = (value[1:], self.files[value[1:]])
                    else:
                        form[name] = value
                case _:
                    url = word
        told: dict[str, Any] = {}
        if parts:
            told = {"files": parts, "data": form}
        elif data:
            told = {"content": "&".join(data).encode()}
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        where = urlsplit(url)
        path = where.path + (f"?{where.query}" if where.query else "")
        return self.client.request(method or ("POST" if told else "GET"), path, headers=headers, **told)


def _jq(body: Any, path: str) -> Any:
    for step in re.findall(r"\w+|\[\d+\]", path):
        body = body[int(step[1:-1])] if step.startswith("[") else body[step]
    return body


def differs(answer: Any, shown: str) -> str | None:
    """What of an answer is otherwise than shown; None where nothing is. Numbers of rows are any, … is anything."""
    head, _, body = shown.partition("\n\n")
    first, *rest = head.strip().splitlines()
    if answer.status_code != int(first.split()[1]):
        return f"{answer.status_code} {answer.text}"
    for line in rest:
        name, _, value = line.partition(": ")
        if answer.headers.get(name) != value:
            return f"{name}: {answer.headers.get(name)}"
    return _other(answer.json(), json.loads(body), "") if body.strip() else None


def _other(real: Any, shown: Any, at: str) -> str | None:
    if shown == "…":
        return None
    if isinstance(shown, Mapping):
        if not isinstance(real, Mapping):
            return f"{at}: {real!r}"
        for name, value in shown.items():
            if name not in real:
                return f"{at}.{name} is not there"
            if (found := _other(real[name], value, f"{at}.{name}")) is not None:
                return found
        return None
    if isinstance(shown, list):
        if not isinstance(real, list) or len(real) < len(shown):
            return f"{at}: {real!r}"
        pairs = zip(real, shown, strict=False)
        return next((found for each in pairs if (found := _other(*each, f"{at}[]")) is not None), None)
    if isinstance(shown, int) and (at.endswith((".id", "_id"))):
        return None if isinstance(real, int) else f"{at}: {real!r}"
    return None if real == shown else f"{at}: {real!r}"
