"""Bad input, by brute force: every parameter and field of every operation against a list of nasty values.

The test client raises what the service did not expect, so whatever would be a 500 fails here by itself.
"""

import json
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app

MARK = "漏出来了"
TEXTS = [
    "",
    " ",
    MARK,
    f"{MARK}\0",
    f"{MARK}\ud800",
    f"\udfff{MARK}",
    f"😀{MARK}👨‍👩‍👧",
    MARK * 6_000,
    f"'; DROP TABLE worker; --{MARK}",
    f"%s %(x)s {{}} {MARK}",
    "０１２",
    "٦١٠٧٢٨",
    "-1",
    "1e999",
    "NaN",
    "null",
    "0001-01-01",
    "9999-12-31",
    "2021-02-30",
    "2021-09-20T00:00:00",
    "110101199003070000",
]
NUMBERS = [
    0,
    -1,
    -0.5,
    1.5,
    2**31 - 1,
    2**31,
    2**63 - 1,
    2**63,
    10**400,
    float("nan"),
    float("inf"),
    float("-inf"),
    1e308,
]
OTHERS: list[Any] = [
    None,
    True,
    [],
    {},
    [[]],
    [None],
    [MARK],
    [MARK + "\0"],
    ["x"] * 1000,
    {MARK: MARK},
    {"\ud800": 1},
    {"": {}},
]
NASTY: list[Any] = [*TEXTS, *NUMBERS, *OTHERS]


def operations(app: FastAPI) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for path, item in app.openapi()["paths"].items():
        for method, operation in item.items():
            if path.startswith("/v1/"):
                yield operation["operationId"], method.upper(), path, operation


def resolved(app: FastAPI, schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = app.openapi()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return resolved(app, found)
    for choice in schema.get("anyOf", []):
        if "$ref" in choice:
            return resolved(app, choice)
    return schema


def fields(app: FastAPI, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, schema, and the schema of what is inside it (of a list: of one in it) of every field of a body."""
    for name, told in resolved(app, schema).get("properties", {}).items():
        inner = resolved(app, told)
        yield name, inner, inner if inner.get("properties") else resolved(app, inner.get("items", {}))


def first_to_take(app: FastAPI) -> dict[str, str]:
    """The first operation, by path, with each field (name and schema): it is tried with everything, the others with a few."""
    found: dict[str, str] = {}

    def told(schema: dict[str, Any], operation_id: str) -> None:
        for name, inner, deep in fields(app, schema):
            found.setdefault(json.dumps([name, inner], sort_keys=True), operation_id)
            told(deep, operation_id)

    for operation_id, _, _, operation in operations(app):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            told(body["schema"], operation_id)
    return found


FEW: list[Any] = [None, [], {}, f"{MARK}\0", f"{MARK}\ud800", 2**63, float("nan")]


def some_of(bodies: Iterator[Any], operation_id: str, config: pytest.Config) -> Iterator[Any]:
    """All of them where the deep tests are asked for, each fifteenth otherwise: another with another operation."""
    step = 1 if config.getoption("--deep") else 15
    return islice(bodies, len(operation_id) % step, None, step)


def spoiled(app: FastAPI, operation_id: str, right: Any, nasty: list[Any]) -> Iterator[Any]:
    """`right` with one field at a time, at any depth, replaced by each nasty value, by a few of a field that an earlier operation takes."""
    [operation] = [found[3] for found in operations(app) if found[0] == operation_id]
    first = first_to_take(app)

    def of(schema: dict[str, Any], right: Any, values: list[Any]) -> Iterator[Any]:
        yield from values
        for name, inner, deep in fields(app, schema):
            known = first[json.dumps([name, inner], sort_keys=True)] != operation_id
            spoilt = FEW if known else nasty
            for value in of(deep, {}, spoilt) if deep.get("properties") else spoilt:
                yield deepcopy(right) | {
                    name: [value] if inner.get("type") == "array" and deep is not inner else value
                }
        yield right | {MARK: 1}
        yield right | {"a": {"b": MARK}}

    yield from of(operation["requestBody"]["content"]["application/json"]["schema"], right, nasty)


@pytest.fixture
def rights(world: Any) -> dict[str, Any]:
    """Numbers that are there, and a right body for every operation that takes one."""
    worker, application = world.worker(), world.application()
    spell = world.spell()
    employer = world.vacancy()["employer_id"]
    bodies = world.bodies
    return {
        "worker_id": worker["id"],
        "household_id": world.household()["id"],
        "employer_id": employer,
        "vacancy_id": application["vacancy_id"],
        "application_id": application["id"],
        "spell_id": spell["id"],
        "target_id": 1,
        "import_id": 1,
        "job_id": 1,
        **dict.fromkeys(OTHERS, 1),
        "code": "610728",
        "create_worker": {"name": "甲", "region": "610728"},
        "update_worker": {"education": "primary"},
        "create_household": {"number": "N", "region": "610728", "hardship": []},
        "create_employer": bodies.employer(kept_by="320612"),
        "create_vacancy": bodies.vacancy(employer),
        "update_vacancy": {"pay_max": 7000},
        "create_application": {"worker_id": worker["id"], "vacancy_id": application["vacancy_id"]},
        "start_application": {"started_on": "2021-09-20"},
        "refuse_application": {"reason": "pay"},
        "withdraw_application": {"reason": "pay"},
        "end_spell": {"ended_on": "2021-09-20", "leave_reason": "not_asked"},
        "void_spell": {"reason": "mistaken"},
        "correct_spell": {"started_on": "2021-09-20", "reason": "核对"},
        "update_household": {"relocated": True},
        "update_employer": {"size": 12},
    }


BODIES = [
    "create_worker",
    "update_worker",
    "create_household",
    "create_employer",
    "create_vacancy",
    "update_vacancy",
    "create_application",
    "start_application",
    "refuse_application",
    "withdraw_application",
    "end_spell",
    "void_spell",
    "correct_spell",
    "update_household",
    "update_employer",
]


OTHERS = (
    "audit_id",
    "batch_id",
    "claim_id",
    "course_id",
    "fair_id",
    "booth_id",
    "invitation_id",
    "device_id",
    "station_id",
    "day",
    "dispatch_id",
    "doubt_id",
    "duplicate_id",
    "export_id",
    "figure_id",
    "frozen_id",
    "model_id",
    "handover_id",
    "kind",
    "line",
    "match_plan_id",
    "decision_id",
    "merge_id",
    "part_id",
    "plan_id",
    "report_id",
    "row_id",
    "task_id",
    "call_id",
    "binding_id",
    "review_id",
    "evidence_id",
    "attachment_id",
    "account_id",
    "binding_id",
    "token_id",
    "key_id",
)
"""Further numbers in addresses; there need not be such a row."""


def well_told(answer: Any, what: object) -> None:
    """A refusal is a problem in Chinese that repeats nothing; anything else is a plain success."""
    assert answer.status_code < 500, what
    if answer.status_code < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json", what
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"].startswith("/problems/"), what
    for words in (told["title"], told["detail"], *(error["message"] for error in told["errors"])):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words), (what, words)
    assert MARK not in answer.text, what
    if answer.status_code == 422 and told["type"] == "/problems/invalid":
        assert told["errors"], what
        assert all(error["field"] for error in told["errors"]), what


@pytest.mark.parametrize(
    "operation_id",
    [pytest.param(name, marks=() if at % 2 == 0 else pytest.mark.deep) for at, name in enumerate(BODIES)],
)
def test_every_field_of_every_body(
    app: FastAPI,
    rights: dict[str, Any],
    west: TestClient,
    east: TestClient,
    operation_id: str,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    [(method, path)] = [found[1:3] for found in operations(app) if found[0] == operation_id]
    client = (
        east
        if operation_id in ("create_employer", "update_employer", "create_vacancy", "update_vacancy")
        else west
    )
    filled = path.format(**rights)
    listed = filled if method == "POST" and "{" not in path else None
    before = client.get(listed).json()["total"] if listed else 0
    etag, accepted, sent = '"1"', 0, 0
    if method == "PATCH":
        etag = client.get(filled).headers["ETag"]
    # An edit has the same fields as what creates: there a sample is enough, and null, which means unknown.
    nasty = NASTY if method == "POST" else [None, [], {}, *NASTY[::5]]
    for body in some_of(spoiled(app, operation_id, rights[operation_id], nasty), operation_id, pytestconfig):
        sent += 1
        answer = client.request(
            method,
            filled,
            content=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "If-Match": etag},
        )
        well_told(answer, repr(body)[:300])
        accepted += answer.is_success
        etag = answer.headers.get("ETag", etag)
    if listed:
        assert client.get(listed).json()["total"] == before + accepted
    assert sent > len(nasty) // 15
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err


def test_every_parameter(
    app: FastAPI,
    rights: dict[str, Any],
    west: TestClient,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    # What is declared alike is read alike: one is enough, a few are all.
    each, step = (3, 1) if pytestconfig.getoption("--deep") else (1, 6)
    tried, seen = 0, Counter[str]()
    for operation_id, method, path, operation in operations(app):
        if operation_id in ("create_token", "create_import"):
            continue
        right = {"content": json.dumps(rights[operation_id])} if operation_id in BODIES else {}
        for parameter in operation.get("parameters", []):
            name, place = parameter["name"], parameter["in"]
            told = json.dumps([name, place, parameter["schema"]], sort_keys=True)
            seen[told] += 1
            if seen[told] > each:
                continue
            values = TEXTS + [str(number) for number in NUMBERS]
            for value in islice(values, len(told) % step, None, step):
                text = value.encode("utf-8", "surrogatepass")[:8000]
                filled, headers = (
                    path.format(**rights),
                    {"If-Match": '"1"', "Content-Type": "application/json"},
                )
                if place == "path":
                    filled = path.format(**(rights | {name: quote(text, safe="")}))
                elif place == "query":
                    filled += f"?{name}={quote(text, safe='')}"
                else:
                    headers[name] = text
                answer = west.request(method, filled, headers=headers, **right)
                well_told(answer, (operation_id, name, value[:60]))
                tried += 1
    assert tried > 500 * each // step
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"' + MARK.encode() + b'"', 422),
        ('{"name": "张三", "region": "610728"}'.encode("gbk"), 422),
        ('{"name": "张三", "region": "610728"}'.encode("utf-16"), 201),
        (b'{"name": "\xff\xfe", "region": "610728"}', 422),
        (b'{"name": "a", "region": "610728", "region": "610723"}', 403),
        (b'{"name": "a", "region": "610728"} x', 422),
        (b"[" * 100_000 + b"]" * 100_000, 422),
        (b'{"name":' * 100_000 + b"1" + b"}" * 100_000, 422),
        (b'{"intention":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 422),
        (b'{"name": "a", "region": "610728", "household_id": ' + b"9" * 5000 + b"}", 422),
        (b"\x00" * 100, 422),
        (b"\xef\xbb\xbf{}", 422),
    ],
)
def test_bodies_that_are_no_body(west: TestClient, content: bytes, status: int) -> None:
    before = west.get("/v1/workers").json()["total"]
    answer = west.post("/v1/workers", content=content, headers={"Content-Type": "application/json"})
    well_told(answer, content[:60])
    assert answer.status_code == status, answer.text
    assert west.get("/v1/workers").json()["total"] == before + (status == 201)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "x",
        "a/b; c=\xff",
    ],
)
def test_another_type_of_content(west: TestClient, content_type: str) -> None:
    answer = west.post(
        "/v1/workers",
        content=b'{"name": "a", "region": "610728"}',
        headers={"Content-Type": content_type.encode("latin-1")},
    )
    well_told(answer, content_type)
    assert answer.status_code in (400, 422)


def test_a_body_beyond_the_limit(settings: Any, sessions: Any, keyring: Any, west: TestClient) -> None:
    small = create_app(
        settings.model_copy(update={"max_body_bytes": 1000}), sessions=sessions, keyring=keyring
    )
    client = TestClient(small, headers=dict(west.headers))
    body = json.dumps({"name": MARK, "region": "610728", "ethnicity": "x" * 1000}).encode()

    def in_pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    for content in (body, in_pieces()):
        answer = client.post("/v1/workers", content=content, headers={"Content-Type": "application/json"})
        well_told(answer, "too large")
        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/too-large"
    files = {"file": ("a.jsonl", b"x" * 2000)}
    assert client.post("/v1/imports", files=files).status_code == 413
    assert client.get("/v1/workers").json()["total"] == 0
    for length in (b"-1", b"x", b"1" * 400, "１".encode()):
        answer = client.get("/v1/me", headers={"Content-Length": length})
        assert answer.status_code in (200, 413)


def test_a_body_that_is_read_before_anybody_is_known_is_small(app: FastAPI) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", ""):
        answer = TestClient(app).post("/v1/workers", content=b"[" * 1_100_000, headers={"Content-Type": kind})
        assert answer.status_code == 413, kind


LINES: list[tuple[str, bytes]] = [
    ("gbk", '{"title": "缝纫工"}'.encode("gbk")),
    ("nul", b'{"title": "a\\u0000b"}'),
    ("raw nul", b'{"title": "a\x00b"}'),
    ("surrogate", b'{"title": "a\\ud800b", "company": "\\udfff"}'),
    ("emoji", '{"title": "缝纫工😀", "company": "👨‍👩‍👧有限公司"}'.encode()),
    ("deep", b"[" * 90_000 + b"]" * 90_000),
    ("deep in a field", b'{"title": ' + b"[" * 90_000 + b"]" * 90_000 + b"}"),
    ("numbers", b'{"title": 1e999, "headcount": 99999999999999999999, "salary": -5}'),
    ("NaN", b'{"title": "a", "salary": NaN, "headcount": Infinity}'),
    ("no object", b"[1, 2]"),
    ("cut off", b'{"title": "a'),
    ("empty object", b"{}"),
    ("long", b'{"title": "' + b"a" * 300_000 + b'"}'),
    ("many seats", '{"title": "缝纫工", "headcount": "招9999999999999人"}'.encode()),
    ("odd dates", '{"title": "缝纫工", "posted": "0001-01-01", "deadline": "9999-12-31"}'.encode()),
    ("wide digits", '{"title": "缝纫工", "headcount": "３０人", "salary": "５０００元/月"}'.encode()),
    ("pay beyond range", '{"title": "缝纫工", "salary": "99999999999999999999元/月"}'.encode()),
    ("huge number", b'{"title": "a", "headcount": ' + b"9" * 5000 + b"}"),
]


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_a_bad_line_keeps_no_good_line_out(
    west: TestClient, work: Callable[[], int], name: str, line: bytes
) -> None:
    good = '{"title": "平车工", "company": "某某服装厂"}'.encode()
    sent = west.post("/v1/imports", files={"file": ("a.jsonl", good + b"\n" + line + b"\r\n" + good + b"\n")})
    assert sent.status_code == 202, sent.text
    work()
    lines = west.get(f"/v1/imports/{sent.json()['id']}/lines").json()["items"]
    assert [told["line"] for told in lines] == [1, 2, 3]
    assert all(told["reason"] for told in lines if told["status"]["code"] != "whole")
    assert lines[0]["status"]["code"] != "rejected"
    assert lines[2]["status"]["code"] != "rejected"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \r\n"])
def test_a_file_with_nothing_in_it(west: TestClient, content: bytes) -> None:
    answer = west.post("/v1/imports", files={"file": ("a.jsonl", content)})
    well_told(answer, content)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"
    assert west.get("/v1/imports").json()["total"] == 0


@pytest.mark.parametrize(
    "file_name", ["", "a" * 5000, "\0.jsonl", "../../etc/passwd", "😀.jsonl", "张三的表.jsonl", '"', "\ud800"]
)
def test_names_of_files(west: TestClient, file_name: str) -> None:
    part = file_name.encode("utf-8", "surrogatepass").replace(b'"', b"%22")
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + part
        + b'"\r\n\r\n{"title": "a"}\r\n--b--\r\n'
    )
    answer = west.post(
        "/v1/imports", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    well_told(answer, file_name[:20])
    assert answer.status_code in (202, 400, 422)


@pytest.mark.parametrize("name", ["as_of", "kept_by"])
def test_fields_of_the_import_form(west: TestClient, name: str) -> None:
    for value in TEXTS:
        text = value.encode("utf-8", "surrogatepass")
        if b"\0" in text or not text.isascii():
            text = quote(text).encode()
        answer = west.post(
            "/v1/imports", files={"file": ("a.jsonl", b'{"title": "a"}'), name: (None, text[:3000])}
        )
        well_told(answer, (name, value[:50]))


@pytest.mark.parametrize(
    "body",
    [
        b"--b",
        b"--b\r\n\r\n",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--',
        b"\xff" * 1000,
    ],
)
def test_forms_that_are_none(west: TestClient, body: bytes) -> None:
    answer = west.post(
        "/v1/imports",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "k"},
    )
    well_told(answer, body[:50])
    assert 400 <= answer.status_code < 500


def test_cursors_that_somebody_has_written(west: TestClient, clerk: Callable[[str], TestClient]) -> None:
    west.post("/v1/workers", json={"name": "a", "region": "610728"})
    values = [*NASTY, "a", 1, "2021-01-01"]
    for path, sort in (
        ("/v1/workers", "name"),
        ("/v1/workers", "-birth_date"),
        ("/v1/vacancies", "pay_min"),
        ("/v1/regions", "code"),
    ):
        for value in values:
            for number in (value, 1, "1"):
                written = json.dumps([sort, value, number]).encode()
                cursor = urlsafe_b64encode(written).decode().rstrip("=")[:490]
                answer = west.get(path, params={"cursor": cursor, "sort": sort})
                well_told(answer, (path, sort, repr(value)[:60]))
