"""Requests made up from the OpenAPI document, right and wrong ones, by every role: none is a server error, and every
refusal is a problem in Chinese that the document knows of."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core import NOT_SET

from models.account import Role

from .test_bad_input import well_told
from .test_canary import HONEST
from .test_ownership import NEEDED, Walk, guarded, numbers, placed, roles, walk

__all__ = ["guarded", "numbers", "placed", "walk"]
OPEN_END = {"watch_job"}
"""Answers that go on as long as somebody listens."""
FRAMEWORK = {401, 403, 404, 405, 408, 413, 422, 429}
"""What the doors answer before a route is asked."""


def made_up(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, count: int, first: int
) -> list[Case]:
    """Requests for an operation; the same ones each time. None where nothing of it can be wrong."""
    found: list[Case] = []

    @seed(first)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(operation.as_strategy(generation_mode=mode))
    def keep(case: Case) -> None:
        found.append(case)

    try:
        keep()
    except Unsatisfiable:
        return []
    return found[:count]


def sent(case: Case, named: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
    """Address and content of a request. `named`: numbers of rows that there are, in the place of those made up."""
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        told = named.get(name, value) if named else value
        path = path.replace(
            f"{{{name}}}", quote(_bytes(told if isinstance(told, str) else json.dumps(told)), safe="")
        )
    query = "&".join(
        f"{quote(_bytes(str(name)))}={quote(_bytes(str(each)))}"
        for name, value in (case.query or {}).items()
        for each in (value if isinstance(value, list) else [value])
    )
    headers = {
        str(name): _bytes(str(value)).replace(b"\n", b" ").replace(b"\r", b" ")
        for name, value in (case.headers or {}).items()
        if str(name).lower() != "authorization"
    }
    content: dict[str, Any] = {}
    if case.body is not NOT_SET and case.media_type:
        if case.media_type == "multipart/form-data" and isinstance(case.body, dict):
            files = {
                name: ("a.bin", _bytes(str(value))) for name, value in case.body.items() if name == "file"
            }
            data = {name: str(value) for name, value in case.body.items() if name != "file"}
            content = {"files": files or {"nothing": b""}, "data": data}
        else:
            headers["Content-Type"] = case.media_type.encode()
            content["content"] = _content(case)
    return f"{path}?{query}" if query else path, content | {"headers": headers}


def _content(case: Case) -> bytes:
    if isinstance(case.body, bytes):
        return case.body
    if case.media_type == "application/x-www-form-urlencoded" and isinstance(case.body, dict):
        return b"&".join(
            quote(_bytes(name)).encode() + b"=" + quote(_bytes(str(value))).encode()
            for name, value in case.body.items()
        )
    return json.dumps(case.body).encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def askers(operation: str) -> Iterator[tuple[str, Role]]:
    """Who sends them: by turns one who may, in the bureau or the paired district, and each of all roles."""
    may = roles(operation) if operation in NEEDED else list(Role)
    some, everybody = cycle((place, role) for role in may for place in ("own", "paired")), cycle(Role)
    while True:
        yield next(some)
        yield ("own", next(everybody))


def test_made_up_requests(walk: Walk, numbers: dict[str, Any], pytestconfig: pytest.Config) -> None:
    deep = pytestconfig.getoption("--deep")
    document = walk.app.openapi()
    wrong: Counter[str] = Counter()
    answered: Counter[int] = Counter()
    asked: set[Role] = set()
    everybody = cycle(Role)
    found = [each.ok() for each in schemathesis.openapi.from_dict(document).get_all_operations()]
    for place, operation in enumerate(found):
        raw = document["paths"][operation.path][operation.method]
        if raw["operationId"] in OPEN_END or (place % 2 and not deep):
            continue
        cases: list[Case] = []
        if deep:
            for mode, count in ((GenerationMode.POSITIVE, 12), (GenerationMode.NEGATIVE, 12)):
                cases += made_up(operation, mode, count, place)
        else:
            mode = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[place // 2 % 2]
            cases = made_up(operation, mode, 1, place) or made_up(
                operation, GenerationMode.POSITIVE, 1, place
            )
        who = askers(raw["operationId"])
        for turn, case in enumerate(cases):
            path, content = sent(case, numbers if (turn + place // 2) % 3 else None)
            ownership, role = next(who) if turn or place % 4 else ("own", next(everybody))
            asked.add(role)
            what = f"{raw['operationId']} as {ownership} {role.value}"
            try:
                answer = walk.request(ownership, role, operation.method.upper(), path, **content)
                if answer.status_code == 503 and operation.path in HONEST:
                    answered[answer.status_code] += 1
                    continue
                well_told(answer, "told badly")
                assert answer.status_code < 400 or (
                    str(answer.status_code) in raw["responses"] or answer.status_code in FRAMEWORK
                ), f"{answer.status_code} is not in the document"
                answered[answer.status_code] += 1
            except Exception as error:  # whatever it is, it is what is looked for
                wrong[f"{what}: {type(error).__name__} {str(error)[:160]}"] += 1
    assert wrong == {}, "\n".join(f"{count} x {what}" for what, count in wrong.most_common())
    assert asked == set(Role)
    assert answered.total() >= (5_000 if deep else len(found) // 2 - len(OPEN_END))
    assert sum(count for status, count in answered.items() if status < 300) > answered.total() / 20
    assert sum(count for status, count in answered.items() if status == 422) > answered.total() / 10
