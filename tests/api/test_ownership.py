"""Every route of the bureau's door that names a row × the roles that may × whose row it is: one's own county's, another
county's, the paired district's, nobody's. What is foreign is not there: 404, whatever is asked of it."""

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import CONNECTIONS, owner_connection, sessions_of
from api.deps import act_as
from api.rights import ALLOWED, FIELDS, Action, Field
from api.security import issue_token
from api.settings import Environment, Settings
from ledger.people import mask_phone
from models.account import Account, AccountBinding, Role, TokenKind
from models.id_number import demo_id_number, mask_id_number
from models.sealing import Keyring
from models.worker import Sex

from .test_rights import NEEDED
from .test_row_security import Placed, guarded, placed

__all__ = ["guarded", "placed"]
NAME = "行权限"
"""The person of the western county."""
WHERE = {"own": "610728", "other": "610723", "paired": "320612", "none": None}
OWN, BOTH_SIDES, EVERYBODY, NOBODY = {"own"}, {"own", "paired"}, set(WHERE), set[str]()
SEEN: dict[str, set[str]] = {
    "worker_id": OWN,
    "household_id": OWN,
    "duplicate_id": OWN,
    "merge_id": OWN,
    "handover_id": OWN,
    "model_id": OWN,
    "doubt_id": OWN,
    "report_id": OWN,
    "figure_id": OWN,
    "frozen_id": OWN,
    "import_id": OWN,
    "dispatch_id": OWN,
    "match_plan_id": OWN,
    "course_id": OWN,
    "batch_id": OWN,
    "claim_id": OWN,
    "audit_id": OWN,
    "task_id": OWN,
    "review_id": OWN,
    "binding_id": OWN,
    "call_id": OWN,
    "evidence_id": BOTH_SIDES,
    "fair_id": OWN,
    "station_id": OWN,
    "application_id": BOTH_SIDES,
    "spell_id": BOTH_SIDES,
    "vacancy_id": EVERYBODY,
    "employer_id": EVERYBODY,
    "plan_id": EVERYBODY,
    "target_id": EVERYBODY,
    "workshop_id": EVERYBODY,
    "kept_employer_id": {"paired"},
    "part_id": OWN,
    "comparison_id": OWN,
    "job_id": NOBODY,
    "export_id": NOBODY,
    "token_id": NOBODY,
    "key_id": NOBODY,
}
"""To whom the row is there that a route names first. Jobs, files that were made, log-ins and keys are one account's."""
CHANGED = {"application_id": BOTH_SIDES, "vacancy_id": {"paired"}, "employer_id": {"paired"}}
"""Who may change what is there to several, where it is not the county whose it is: the post is the district's."""
FINER = {
    **dict.fromkeys(
        ("read_workshop", "list_workshop_workers", "recognise_workshop", "revoke_workshop", "rate_workshop"),
        "workshop_id",
    ),
    **dict.fromkeys(("list_employer_benefits", "list_key_employer_workers"), "kept_employer_id"),
    **dict.fromkeys(("read_target_part", "update_target_part", "withdraw_target_part"), "part_id"),
    **dict.fromkeys(
        (
            "read_comparison",
            "list_comparison_rows",
            "settle_comparison",
            "settle_comparison_row",
            "reopen_comparison_row",
            "preview_comparison_evidence",
            "create_comparison_evidence",
            "undo_comparison_evidence",
        ),
        "comparison_id",
    ),
}
"""Routes that name something else first than the row which decides."""
ROWS = {
    "workshop_id": ("employer_id", "workshop_id"),
    "part_id": ("target_id", "target_of_part"),
    "comparison_id": ("import_id", "comparison_id"),
}
"""What their addresses name instead."""
OTHERWISE: dict[str, dict[str, set[int]]] = {
    # The post of this spell is no public one, nobody was counted, nothing was known yet on the day, no line is wrong.
    "declare_public_post": {"own": {404}, "paired": {404}},
    "extend_public_post": {"own": {404}, "paired": {404}},
    "withdraw_extension": {"own": {404}, "paired": {404}},
    "read_worker_as_of": {"own": {404}},
    "read_household_as_of": {"own": {404}},
    "read_target_person": {ownership: {404} for ownership in WHERE},
    "read_import_errors": {"own": {403, 404}},
    "revert_import": {"own": {403, 409}},
    "read_payment_file": {"own": {409}},
    # Nobody of the batch goes to this employer; the claim is a person's; nobody said what for the paper or the copy is.
    "create_dispatch_roster": {"own": {409}},
    "create_claim_roster": {"own": {404}},
    "read_attachment": {ownership: {422} for ownership in WHERE},
    "read_personal_file": {ownership: {422} for ownership in WHERE},
    # Who may not see the person starts nothing; of the sides each role has its own.
    "start_application": {"paired": {404}},
    # There is no mini-program here; the first piece of evidence is no payslip.
    "read_poster_code": {ownership: {503} for ownership in WHERE},
    # An account of several sides says of which.
    "confirm_spell": {"own": {201, 403, 409, 422}, "paired": {201, 403, 409}},
    # Who is of neither side of it is told nothing of what they found: a district of its own people, a station of no pairing.
    "list_spell_confirmations": {"own": {200, 404}, "paired": {200, 404}},
}
"""Answers that are right though the rule would say another, and why."""
TABLES = {
    "duplicate_id": "possible_duplicate",
    "merge_id": "worker_merge",
    "model_id": "ranking_model",
    "report_id": "spell_report",
    "figure_id": "typed_figure",
    "frozen_id": "frozen_report",
    "batch_id": "claim_batch",
    "claim_id": "benefit_claim",
    "audit_id": "claim_audit",
    "task_id": "support_task",
    "review_id": "review_request",
    "binding_id": "worker_binding",
    "call_id": "call_request",
    "station_id": "service_station",
    "plan_id": "work_plan",
    "part_id": "target_part",
    "decision_id": "match_plan_decision",
    "row_id": "comparison_row",
    "booth_id": "booth",
    "invitation_id": "fair_invitation",
    "device_id": "kiosk_device",
    "token_id": "access_token",
    "key_id": "access_token",
}
"""The table of a number, where it is not called after it."""

ELSEWHERE = {"spell_id", "workshop_id", "kept_employer_id", "comparison_id", "target_id"}


@pytest.fixture(scope="module")
def numbers(guarded: Engine, placed: Placed, cluster: Any) -> dict[str, Any]:
    """A row of the western county for everything that an address names."""
    found: dict[str, Any] = {"line": 1, "day": "2021-09-20", "kind": "people", "code": "610728"}
    with owner_connection(cluster.owner_url("guarded")) as owner:
        for name in {*SEEN, *TABLES, "attachment_id"} - ELSEWHERE:
            table = TABLES.get(name, name.removesuffix("_id"))
            found[name] = owner.scalar(text(f'SELECT min(id) FROM "{table}"')) or 1
        for name, query in {
            "target_id": "SELECT min(id) FROM target WHERE region = '610728'",
            "target_of_part": "SELECT target_id FROM target_part ORDER BY id LIMIT 1",
            "workshop_id": "SELECT min(employer_id) FROM workshop_recognition",
            "comparison_id": "SELECT min(import_id) FROM comparison_row",
        }.items():
            found[name] = owner.scalar(text(query))
    return found | {
        "worker_id": placed.worker,
        "household_id": placed.household,
        "application_id": placed.application,
        "spell_id": placed.spell,
        "vacancy_id": placed.vacancy,
        "employer_id": placed.employer,
    }


NUMBER, PHONE = demo_id_number(date(1990, 5, 6), 300_000, Sex.MALE), "10000000003"
SIGNS: dict[Field, str] = {
    Field.NAME: NAME,
    Field.SEX: r'"sex": ?\{"code": ?"male"|>男<|^男$',
    Field.ID_NUMBER: NUMBER,
    Field.ID_NUMBER_MASKED: re.escape(mask_id_number(NUMBER)),
    Field.PHONE: PHONE,
    Field.PHONE_MASKED: re.escape(mask_phone(PHONE)),
    Field.BIRTH: "1990-05-06",
    Field.HARDSHIP: r'"hardship": ?\{"code": ?"marginal"|"category": ?\{"code": ?"marginal"|边缘易致贫户',
    Field.DISABILITY: r'"disability_grade": ?2',
}
"""What in an answer shows that it tells this field of the person."""


def told_by(answer: Any) -> str:
    """The words of an answer; of a workbook those of its parts."""
    if not answer.content.startswith(b"PK"):
        return str(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def fields_in(answer: Any) -> set[Field]:
    told = told_by(answer)
    return {field for field, sign in SIGNS.items() if re.search(sign, told)}


def may_tell(operation: str) -> frozenset[Field]:
    """What the action that it needs may tell; where it needs none, nothing."""
    needed = NEEDED[operation]
    return FIELDS.get(needed, frozenset()) if needed else frozenset()


TWO_ROLES = {
    f"elsewhere-{role.value}": ((Role.COUNTY, WHERE["other"]), (role, WHERE["own"]))
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.VILLAGE, Role.PROVINCE)
} | {
    # The county's own clerk is something else in another county, and at the paired district.
    "here-and-auditor": ((Role.AUDITOR, WHERE["other"]), (Role.COUNTY, WHERE["own"])),
    "here-and-station": ((Role.STATION, WHERE["paired"]), (Role.COUNTY, WHERE["own"])),
}
"""Accounts with two roles in two regions: what each may in its own, it may not in the other's."""


class Walk:
    """Everybody at a service in whose transaction nothing stays."""

    def __init__(self, app: FastAPI, connection: Connection, keyring: Keyring) -> None:
        self.app, self.connection = app, connection
        self.clients: dict[tuple[str, Role], TestClient] = {}

    def request(self, ownership: str, role: Role, method: str, path: str, **sent: Any) -> Any:
        before = self.connection.begin_nested()
        try:
            return self.clients[ownership, role].request(method, path, **sent)
        finally:
            before.rollback()


@pytest.fixture(scope="module")
def walk(
    guarded: Engine, placed: Placed, cluster: Any, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """For every role that may do anything an account in each of the four places."""
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    numbers: dict[tuple[str, Role], int] = {}
    with owner_connection(cluster.owner_url("guarded")) as owner, sessions_of(owner)() as session:
        for ownership, region in WHERE.items():
            for role in Role:
                account = Account(username=f"{ownership}-{role.value}", display_name=role.label)
                session.add(account)
                session.flush()
                session.add(AccountBinding(account_id=account.identity, role=role, region=region))
                numbers[ownership, role] = account.identity
        for name, both in TWO_ROLES.items():
            account = Account(username=name, display_name="两处")
            session.add(account)
            session.flush()
            for role, region in both:
                session.add(AccountBinding(account_id=account.identity, role=role, region=region))
            numbers[name, Role.COUNTY] = account.identity
        session.commit()
    with guarded.connect() as connection:
        outer = connection.begin()
        sessions = audited(sessions_of(connection, join_transaction_mode="create_savepoint"), keyring)
        app = create_app(settings, sessions=sessions, keyring=keyring)
        app.state.turns = asyncio.Semaphore(CONNECTIONS)
        made = Walk(app, connection, keyring)
        for who, number in numbers.items():
            with sessions() as session, session.begin():
                act_as(session, number)
                token = issue_token(session, number, TokenKind.BEARER)
            headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
            made.clients[who] = TestClient(app, headers=headers, follow_redirects=False)
        yield made
        outer.rollback()


def naming(app: FastAPI) -> dict[str, tuple[str, str, str, dict[str, Any]]]:
    """Of every operation that names a row: method, path, what it names first, and what is sent with it."""
    schemas = app.openapi()["components"]["schemas"]
    found = {}
    for path, item in app.openapi()["paths"].items():
        named = [part.split("}")[0] for part in path.split("{")[1:]]
        first = next((name for name in named if name not in ("code", "kind")), None)
        for method, operation in item.items():
            if not path.startswith("/v1/") or first is None or first == "account_id":
                continue
            content = operation.get("requestBody", {}).get("content", {})
            sent: dict[str, Any] = {}
            if "application/json" in content:
                name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
                sent["json"] = schemas[name]["example"]
            elif content:
                sent["files"] = {"file": ("a.pdf", b"%PDF-1.7")}
                sent["data"] = {"proof": "wage_flow", "covers_from": "2021-09-20", "covers_to": "2021-09-20"}
            found[operation["operationId"]] = (method.upper(), path, first, sent)
    return found


def test_every_route_that_names_a_row_is_walked(walk: Walk) -> None:
    """A new route that names a row must say to whom it is there."""
    named = naming(walk.app)
    assert {FINER.get(name, first) for name, (_, _, first, _) in named.items()} == set(SEEN)
    assert set(FINER) | set(OTHERWISE) <= set(named) <= set(NEEDED)
    assert len(named) > 120


def roles(operation: str) -> list[Role]:
    """The roles that may carry it out; of those that may all the same, one."""
    needed = NEEDED[operation]
    told = {ALLOWED[role]: role for role in Role if needed is None or needed in ALLOWED[role]}
    return list(told.values())


def right(operation: str, method: str, first: str, ownership: str) -> set[int]:
    """The answers that are right: of what is not there 404, of what may be read 200, of what another keeps 403, and of
    one's own whatever the command itself finds."""
    if ownership in OTHERWISE.get(operation, {}):
        return OTHERWISE[operation][ownership]
    if ownership not in SEEN[first]:
        return {404}
    if method == "GET":
        return {200}
    return {200, 201, 202, 204, 409, 412, 422} if ownership in CHANGED.get(first, OWN) else {403}


@pytest.mark.parametrize("ownership", WHERE)
def test_whose_it_is_decides(walk: Walk, numbers: dict[str, Any], ownership: str) -> None:
    wrong: dict[tuple[str, str], int] = {}
    leaked: set[tuple[str, str]] = set()
    shown: dict[str, set[Field]] = {}
    asked = 0
    for operation, (method, path, first, sent) in naming(walk.app).items():
        first = FINER.get(operation, first)
        told = shown.setdefault(operation, set())
        name, instead = ROWS.get(first, (first, first))
        named = numbers | ({name: numbers[instead]} if first in ROWS else {})
        for role in roles(operation):
            answer = walk.request(ownership, role, method, path.format(**named), **sent)
            if answer.status_code not in right(operation, method, first, ownership):
                wrong[operation, role.value] = answer.status_code
            if ownership in ("other", "none") and NAME in told_by(answer):
                leaked.add((operation, role.value))
            told |= fields_in(answer)
            asked += 1
    assert sorted(wrong.items()) == []
    assert leaked == set(), "a person of another county is named in what everybody may read"
    beyond = {name: told - may_tell(name) for name, told in shown.items()}
    assert {name: fields for name, fields in beyond.items() if fields} == {}, "say in api.rights.FIELDS"
    if ownership == "own":
        assert set().union(*shown.values()) == FIELDS[Action.READ_LEDGER], "what is declared is told"
    assert asked > 400


@pytest.mark.parametrize("ownership", ["own", "paired"])
def test_lists_tell_no_more_than_their_action(walk: Walk, ownership: str) -> None:
    """Every list that needs nothing named: of a person only the fields of its action, to whoever may ask."""
    paths = walk.app.openapi()["paths"]
    lists = {
        item["get"]["operationId"]: path for path, item in paths.items() if "get" in item and "{" not in path
    }
    told: dict[str, set[Field]] = {}
    for operation in lists.keys() & NEEDED.keys():
        for role in roles(operation):
            answer = walk.request(ownership, role, "GET", lists[operation])
            beyond = fields_in(answer) - may_tell(operation)
            told.setdefault(operation, set()).update(fields_in(answer))
            assert beyond == set(), (operation, role)
    assert len(told) > 30


@pytest.mark.parametrize("name", TWO_ROLES)
def test_what_a_role_may_it_may_in_its_own_region_alone(
    walk: Walk, numbers: dict[str, Any], name: str
) -> None:
    """Of the western county's rows whoever has the right role elsewhere is answered as from there, and no better."""
    here = next(role for role, region in TWO_ROLES[name] if region == WHERE["own"])
    wrong: dict[str, int] = {}
    leaked, asked, refused = set(), 0, 0
    for operation, (method, path, first, sent) in naming(walk.app).items():
        first = FINER.get(operation, first)
        row, instead = ROWS.get(first, (first, first))
        named = numbers | ({row: numbers[instead]} if first in ROWS else {})
        needed = NEEDED[operation]
        answer = walk.request(name, Role.COUNTY, method, path.format(**named), **sent)
        if needed is None or needed in ALLOWED[here]:
            right_ones = right(operation, method, first, "own")
        else:
            right_ones = right(operation, method, first, "other") | {403}
            refused += 1
            if NAME in told_by(answer):
                leaked.add(operation)
        if answer.status_code not in right_ones:
            wrong[operation] = answer.status_code
        asked += 1
    assert (wrong, leaked) == ({}, set())
    assert asked > 120 and (here is Role.COUNTY or refused > 40)


@pytest.mark.parametrize("name", TWO_ROLES)
def test_lists_are_of_the_regions_of_the_role_that_allows_them(walk: Walk, name: str) -> None:
    here = next(role for role, region in TWO_ROLES[name] if region == WHERE["own"])
    paths = walk.app.openapi()["paths"]
    told = set()
    for path, item in paths.items():
        operation = item.get("get", {}).get("operationId")
        if "{" in path or operation not in NEEDED:
            continue
        answer = walk.request(name, Role.COUNTY, "GET", path)
        if NAME in told_by(answer):
            told.add(operation)
            assert NEEDED[operation] in ALLOWED[here], operation
    assert ("list_workers" in told) == (Action.READ_LEDGER in ALLOWED[here])
    for medium in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"):
        answer = walk.request(name, Role.COUNTY, "GET", "/v1/workers", headers={"Accept": medium})
        assert (NAME in told_by(answer)) == (Action.EXPORT in ALLOWED[here])


@pytest.mark.parametrize("ownership", ["own", "paired"])
def test_who_is_looked_for_is_told_by_name_and_sex_alone(walk: Walk, ownership: str) -> None:
    """A season later the person of the world waits to be looked at again."""
    later = walk.app.state.settings.model_copy(update={"business_date": date(2022, 3, 1)})
    before, walk.app.state.settings = walk.app.state.settings, later
    told: dict[Role, set[Field]] = {}
    try:
        for role in Role:
            if Action.CONFIRM in ALLOWED[role]:
                answer = walk.request(ownership, role, "GET", "/v1/confirmations")
                told[role] = fields_in(answer)
                assert PHONE not in answer.text and NUMBER[:14] not in answer.text
    finally:
        walk.app.state.settings = before
    sides = {
        "own": {Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.CITY},
        "paired": {Role.DESTINATION_COUNTY, Role.DESTINATION_CITY},
    }
    assert {role for role, fields in told.items() if fields} == sides[ownership]
    assert set().union(*told.values()) == FIELDS[Action.CONFIRM]
