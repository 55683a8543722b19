"""Who may do what: every route for every role, and no route that forgets to ask."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import owner_connection, sessions_of
from api.deps import act_as, get_caller
from api.rights import ALLOWED, Action
from api.security import account_by_username, issue_token
from api.settings import Environment, Settings
from models.account import Account, AccountBinding, Role, TokenKind
from models.intake import Import, ImportKind, ImportLine, ImportState, LineStatus
from models.sealing import Keyring

NOT_LOGGED_IN = {"create_token", "accept_invitation"}
NEEDED: dict[str, Action | None] = {
    "read_me": None,
    **dict.fromkeys(
        (
            "change_password",
            "list_sessions",
            "end_other_sessions",
            "end_session",
            "read_second_factor",
            "enrol_second_factor",
            "confirm_second_factor",
            "remove_second_factor",
            "list_keys",
            "create_key",
            "revoke_key",
            "list_own_events",
        )
    ),
    **dict.fromkeys(
        (
            "list_accounts",
            "invite_account",
            "list_account_events",
            "read_account",
            "reinvite_account",
            "withdraw_invitation",
            "switch_off_account",
            "switch_on_account",
            "unlock_account",
            "reset_second_factor",
            "bind_account",
            "unbind_account",
            "list_account_sessions",
            "end_account_sessions",
            "end_account_session",
            "list_account_keys",
            "revoke_account_key",
        ),
        Action.MANAGE_ACCOUNTS,
    ),
    "list_regions": None,
    "read_region": None,
    "list_occupations": None,
    "list_pairings": None,
    "list_employers": None,
    "read_employer": None,
    "list_vacancies": None,
    "read_vacancy": None,
    "read_poster_code": None,
    "list_jobs": None,
    "read_job": None,
    "watch_job": None,
    "cancel_job": None,
    "create_employer": Action.WRITE_POSTS,
    "create_vacancy": Action.WRITE_POSTS,
    "update_employer": Action.WRITE_POSTS,
    "update_vacancy": Action.WRITE_POSTS,
    "publish_vacancy": Action.WRITE_POSTS,
    "refresh_vacancy": Action.WRITE_POSTS,
    "close_vacancy": Action.WRITE_POSTS,
    "list_workers": Action.READ_LEDGER,
    "read_worker": Action.READ_LEDGER,
    "list_consents": Action.READ_LEDGER,
    "read_impact_assessment": Action.ASSESS,
    "list_bindings": Action.READ_LEDGER,
    "decide_binding": Action.WRITE_LEDGER,
    "end_binding": Action.WRITE_LEDGER,
    "list_call_requests": Action.FOLLOW_UP,
    "finish_call_request": Action.FOLLOW_UP,
    "list_payslips": Action.WRITE_LEDGER,
    "decide_payslip": Action.WRITE_LEDGER,
    "list_due_erasures": Action.ERASE,
    "list_erasures": Action.ERASE,
    "erase_worker": Action.ERASE,
    "read_personal_file": Action.GIVE_COPY,
    "list_reviews": Action.READ_LEDGER,
    "list_worker_reviews": Action.READ_LEDGER,
    "read_review": Action.READ_LEDGER,
    "create_review": Action.WRITE_LEDGER,
    "answer_review": Action.REVIEW,
    "create_dispatch_roster": Action.REVEAL,
    "create_claim_roster": Action.REVEAL,
    "list_disclosures": Action.READ_LEDGER,
    "create_consent": Action.WRITE_LEDGER,
    "withdraw_consent": Action.WRITE_LEDGER,
    "list_worker_matches": Action.READ_LEDGER,
    "list_vacancy_matches": Action.READ_LEDGER,
    "list_households": Action.READ_LEDGER,
    "read_household": Action.READ_LEDGER,
    "list_spells": Action.READ_LEDGER,
    "read_spell": Action.READ_LEDGER,
    "list_target_persons": Action.READ_LEDGER,
    "list_reports": Action.READ_LEDGER,
    "read_report": Action.READ_LEDGER,
    "list_worker_changes": Action.READ_LEDGER,
    "read_worker_as_of": Action.READ_LEDGER,
    "list_household_changes": Action.READ_LEDGER,
    "read_household_as_of": Action.READ_LEDGER,
    "create_worker": Action.WRITE_LEDGER,
    "list_duplicates": Action.READ_LEDGER,
    "read_duplicate": Action.READ_LEDGER,
    "search_duplicates": Action.DECIDE_IDENTITY,
    "decide_duplicate": Action.DECIDE_IDENTITY,
    "reopen_duplicate": Action.DECIDE_IDENTITY,
    "list_merges": Action.READ_LEDGER,
    "read_merge": Action.READ_LEDGER,
    "create_merge": Action.DECIDE_IDENTITY,
    "undo_merge": Action.DECIDE_IDENTITY,
    "list_handovers": Action.READ_LEDGER,
    "read_handover": Action.READ_LEDGER,
    "agree_handover": Action.DECIDE_IDENTITY,
    "refuse_handover": Action.DECIDE_IDENTITY,
    "withdraw_handover": Action.DECIDE_IDENTITY,
    "decide_handover": Action.DECIDE_IDENTITY,
    "update_worker": Action.WRITE_LEDGER,
    "correct_worker_id_number": Action.DECIDE_IDENTITY,
    "create_household": Action.WRITE_LEDGER,
    "update_household": Action.WRITE_LEDGER,
    "contact_household": Action.WRITE_LEDGER,
    "create_application": Action.PLACE,
    "accept_application": Action.PLACE,
    "start_application": Action.PLACE,
    "withdraw_application": Action.PLACE,
    "end_spell": Action.PLACE,
    "void_spell": Action.PLACE,
    "correct_spell": Action.PLACE,
    "accept_report": Action.PLACE,
    "refuse_report": Action.PLACE,
    "reverse_report": Action.PLACE,
    "create_report": Action.PLACE,
    "list_applications": Action.ANSWER,
    "read_application": Action.ANSWER,
    "list_application_events": Action.ANSWER,
    "shortlist_application": Action.ANSWER,
    "pool_application": Action.PLACE,
    "propose_from_pool": Action.PLACE,
    "refresh_vacancies": Action.WRITE_POSTS,
    "offer_application": Action.ANSWER,
    "refuse_application": Action.ANSWER,
    "list_comparisons": Action.READ_LEDGER,
    "list_spell_evidence": Action.READ_LEDGER,
    "read_comparison": Action.READ_LEDGER,
    "list_comparison_rows": Action.READ_LEDGER,
    "create_comparison": Action.IMPORT,
    "settle_comparison": Action.WRITE_LEDGER,
    "settle_comparison_row": Action.WRITE_LEDGER,
    "reopen_comparison_row": Action.WRITE_LEDGER,
    "preview_comparison_evidence": Action.WRITE_LEDGER,
    "create_comparison_evidence": Action.WRITE_LEDGER,
    "undo_comparison_evidence": Action.WRITE_LEDGER,
    "list_imports": Action.IMPORT,
    "create_import": Action.IMPORT,
    "read_import": Action.IMPORT,
    "list_import_lines": Action.IMPORT,
    "cancel_import": Action.IMPORT,
    "map_import_headings": Action.IMPORT,
    "apply_import": Action.IMPORT,
    "revert_import": Action.IMPORT,
    "mend_import_line": Action.IMPORT,
    "skip_import_line": Action.IMPORT,
    "read_import_errors": Action.IMPORT,
    "read_import_template": Action.IMPORT,
    "list_doubts": Action.READ_LEDGER,
    "read_doubt": Action.READ_LEDGER,
    "read_doubts_file": Action.EXPORT,
    "read_doubt_summary": Action.READ_LEDGER,
    "read_doubt_trend": Action.READ_LEDGER,
    "read_doubt_integrity": Action.READ_LEDGER,
    "list_doubt_rules": Action.READ_LEDGER,
    "check_doubts": Action.MEND_DOUBTS,
    "explain_doubts": Action.MEND_DOUBTS,
    "explain_doubt": Action.MEND_DOUBTS,
    "reopen_doubt": Action.MEND_DOUBTS,
    "list_targets": Action.READ_TARGETS,
    "read_target": Action.READ_TARGETS,
    "read_target_progress": Action.READ_TARGETS,
    "list_registers": Action.READ_LEDGER,
    "read_register": Action.READ_LEDGER,
    "list_exports": Action.EXPORT,
    "create_export": Action.EXPORT,
    "read_export": Action.EXPORT,
    "read_export_file": Action.EXPORT,
    "list_dispatches": Action.READ_LEDGER,
    "read_dispatch": Action.READ_LEDGER,
    "list_dispatch_members": Action.READ_LEDGER,
    "create_dispatch": Action.PLACE,
    "update_dispatch": Action.PLACE,
    "add_dispatch_members": Action.PLACE,
    "remove_dispatch_members": Action.PLACE,
    "depart_dispatch": Action.PLACE,
    "list_match_plans": Action.READ_LEDGER,
    "read_match_plan": Action.READ_LEDGER,
    "list_match_plan_persons": Action.READ_LEDGER,
    "list_match_plan_options": Action.READ_LEDGER,
    "foresee_match_plan_move": Action.READ_LEDGER,
    "list_match_plan_posts": Action.READ_LEDGER,
    "list_match_plan_decisions": Action.READ_LEDGER,
    "read_match_plan_workbook": Action.EXPORT,
    "preview_match_plan": Action.PLACE,
    "create_match_plan": Action.PLACE,
    "decide_match_plan": Action.PLACE,
    "undo_match_plan_decision": Action.PLACE,
    "approve_match_plan_persons": Action.PLACE,
    "approve_match_plan": Action.PLACE,
    "discard_match_plan": Action.PLACE,
    "list_courses": Action.READ_LEDGER,
    "read_course": Action.READ_LEDGER,
    "list_enrolments": Action.READ_LEDGER,
    "create_course": Action.WRITE_LEDGER,
    "update_course": Action.WRITE_LEDGER,
    "list_follow_ups": Action.READ_LEDGER,
    "take_follow_ups": Action.FOLLOW_UP,
    "give_follow_ups": Action.FOLLOW_UP,
    "take_back_follow_ups": Action.FOLLOW_UP,
    "list_callers": Action.FOLLOW_UP,
    "release_follow_ups": Action.FOLLOW_UP,
    "list_leavers": Action.READ_LEDGER,
    "propose_to_leavers": Action.PLACE,
    "list_worker_contacts": Action.READ_LEDGER,
    "create_contact": Action.FOLLOW_UP,
    "list_support_tasks": Action.READ_LEDGER,
    "read_support_task": Action.READ_LEDGER,
    "finish_support_task": Action.FOLLOW_UP,
    "add_enrolments": Action.WRITE_LEDGER,
    "remove_enrolments": Action.WRITE_LEDGER,
    "complete_course": Action.WRITE_LEDGER,
    "list_public_posts": Action.READ_LEDGER,
    "read_public_posts_file": Action.EXPORT,
    "create_public_post": Action.PLACE,
    "declare_public_post": Action.WRITE_LEDGER,
    "extend_public_post": Action.MANAGE,
    "withdraw_extension": Action.MANAGE,
    "check_public_post": Action.READ_LEDGER,
    "list_job_offers": Action.READ_LEDGER,
    "create_job_offer": Action.WRITE_LEDGER,
    "list_entrepreneurs": Action.READ_LEDGER,
    "list_workshops": Action.READ_LEDGER,
    "read_workshop": Action.READ_LEDGER,
    "list_workshop_workers": Action.READ_LEDGER,
    "recognise_workshop": Action.MANAGE,
    "revoke_workshop": Action.MANAGE,
    "rate_workshop": Action.MANAGE,
    "list_fairs": Action.READ_TARGETS,
    "read_fair": Action.READ_TARGETS,
    "create_fair": Action.MANAGE,
    "update_fair": Action.MANAGE,
    "read_fair_board": Action.READ_TARGETS,
    "list_fair_booths": Action.READ_TARGETS,
    "create_fair_booth": Action.MANAGE,
    "withdraw_fair_booth": Action.MANAGE,
    "call_fair_queue": Action.MANAGE,
    "list_fair_invitations": Action.READ_LEDGER,
    "invite_to_fair": Action.PLACE,
    "revoke_fair_invitation": Action.PLACE,
    "make_fair_cards": Action.PLACE,
    "list_fair_visits": Action.READ_LEDGER,
    "settle_fair": Action.PLACE,
    "list_kiosk_devices": Action.READ_TARGETS,
    "create_kiosk_device": Action.MANAGE,
    "revoke_kiosk_device": Action.MANAGE,
    "list_stations": Action.READ_TARGETS,
    "list_visits_due": Action.VISIT,
    "read_station": Action.READ_TARGETS,
    "create_station": Action.MANAGE,
    "update_station": Action.MANAGE,
    "list_station_staff": Action.READ_TARGETS,
    "add_station_staff": Action.MANAGE,
    "end_station_staff": Action.MANAGE,
    "list_station_visits": Action.READ_TARGETS,
    "create_station_visit": Action.VISIT,
    "list_benefits": Action.READ_LEDGER,
    "list_unclaimed": Action.READ_LEDGER,
    "list_entitled": Action.READ_LEDGER,
    "list_key_employers": Action.READ_LEDGER,
    "list_key_employer_workers": Action.READ_LEDGER,
    "list_worker_benefits": Action.READ_LEDGER,
    "list_employer_benefits": Action.READ_LEDGER,
    "list_claims": Action.READ_LEDGER,
    "list_claims_to_recover": Action.READ_LEDGER,
    "read_claim": Action.READ_LEDGER,
    "list_claim_events": Action.READ_LEDGER,
    "list_claim_batches": Action.READ_LEDGER,
    "read_claim_batch": Action.READ_LEDGER,
    "list_claim_audits": Action.READ_LEDGER,
    "read_claim_audit": Action.READ_LEDGER,
    "create_claims": Action.CLAIM,
    "notice_claims": Action.CLAIM,
    "update_claim": Action.CLAIM,
    "reply_claim_audit": Action.CLAIM,
    "approve_claims": Action.APPROVE_CLAIMS,
    "pay_claims": Action.APPROVE_CLAIMS,
    "recover_claims": Action.APPROVE_CLAIMS,
    "refuse_claims": Action.APPROVE_CLAIMS,
    "draw_claim_audit": Action.AUDIT_CLAIMS,
    "find_claim_audit": Action.AUDIT_CLAIMS,
    "conclude_claim_audit": Action.AUDIT_CLAIMS,
    "read_payment_file": Action.EXPORT,
    "list_indicators": Action.READ_TARGETS,
    "list_plans": Action.READ_TARGETS,
    "read_plan": Action.READ_TARGETS,
    "create_plan": Action.MANAGE_TARGETS,
    "update_plan": Action.MANAGE_TARGETS,
    "create_target": Action.MANAGE_TARGETS,
    "update_target": Action.MANAGE_TARGETS,
    "list_target_things": Action.READ_TARGETS,
    "read_target_person": Action.READ_LEDGER,
    "list_target_parts": Action.READ_TARGETS,
    "read_target_part": Action.READ_TARGETS,
    "create_target_part": Action.MANAGE_TARGETS,
    "update_target_part": Action.MANAGE_TARGETS,
    "withdraw_target_part": Action.MANAGE_TARGETS,
    "list_figures": Action.READ_TARGETS,
    "read_figure": Action.READ_TARGETS,
    "create_figure": Action.MANAGE_TARGETS,
    "withdraw_figure": Action.MANAGE_TARGETS,
    "attach_figure_file": Action.MANAGE_TARGETS,
    "read_figure_file": Action.READ_TARGETS,
    "list_ranking_models": Action.READ_TARGETS,
    "read_serving_model": Action.READ_TARGETS,
    "read_ranking_model": Action.READ_TARGETS,
    "train_ranking_model": Action.MANAGE_MODELS,
    "back_ranking_model": Action.MANAGE_MODELS,
    "list_frozen_reports": Action.READ_TARGETS,
    "read_frozen_report": Action.READ_TARGETS,
    "create_frozen_report": Action.MANAGE_TARGETS,
    "list_frozen_persons": Action.READ_LEDGER,
    "read_frozen_workbook": Action.EXPORT,
    "create_spell_evidence": Action.WRITE_LEDGER,
    "create_attachment": Action.WRITE_LEDGER,
    "withdraw_evidence": Action.WRITE_LEDGER,
    "restore_evidence": Action.WRITE_LEDGER,
    "read_attachment": Action.REVEAL,
    "read_worker_timeline": Action.READ_LEDGER,
    "list_waiting_spells": Action.CONFIRM,
    "list_spell_confirmations": Action.CONFIRM,
    "confirm_spell": Action.CONFIRM,
}
"""The action that each operation needs; None where every account may."""


def operations(app: FastAPI) -> dict[str, tuple[str, str]]:
    """Method and path of every operation of the bureau's door, its placeholders filled with nobody's number."""
    found = {}
    for path, item in app.openapi()["paths"].items():
        for method, operation in item.items():
            if path.startswith("/v1/"):
                concrete = path.replace("{code}", "61").replace("}", "").split("{")
                filled = concrete[0] + "".join(
                    str(2**62) + part.lstrip("abcdefghijklmnopqrstuvwxyz_") for part in concrete[1:]
                )
                found[operation["operationId"]] = (method.upper(), filled)
    return found


def api_routes(routes: Any) -> Iterator[APIRoute]:
    """Every route, those of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from api_routes(route.original_router.routes)


def calls(dependant: Any) -> Iterator[Callable[..., Any]]:
    """All that a route depends on."""
    for found in dependant.dependencies:
        yield found.call
        yield from calls(found)


@pytest.fixture(scope="module")
def engine(clone: Callable[[str], Any]) -> Iterator[Engine]:
    database = clone("rights")
    with owner_connection(database.owner) as owner, sessions_of(owner)() as session:
        for role in Role:
            account = Account(username=f"a-{role.value}", display_name=role.label)
            session.add(account)
            session.flush()
            session.add(AccountBinding(account_id=account.identity, role=role, region="610728"))
        session.add(Account(username="a-nothing", display_name="没有角色"))
        session.commit()
    made = create_engine(database.service)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def service(engine: Engine, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    return create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)


def as_account(service: FastAPI, username: str) -> TestClient:
    with service.state.sessions() as session, session.begin():
        account_id = account_by_username(session, username)
        assert account_id is not None
        act_as(session, account_id)
        token = issue_token(session, account_id, TokenKind.BEARER)
    return TestClient(service, headers={"Authorization": f"Bearer {token}", "If-Match": '"1"'})


def test_every_operation_is_in_the_list(service: FastAPI) -> None:
    assert set(operations(service)) == set(NEEDED) | NOT_LOGGED_IN


def test_every_route_asks_who_calls(service: FastAPI) -> None:
    found = {route.operation_id: route for route in api_routes(service.routes) if route.operation_id}
    assert set(found) >= set(operations(service))
    careless = {name for name, route in found.items() if get_caller not in set(calls(route.dependant))}
    assert careless & set(operations(service)) == NOT_LOGGED_IN


@pytest.mark.parametrize("operation", sorted(NEEDED))
@pytest.mark.parametrize(
    "header", [None, "Bearer ", "Bearer nonsense", "Basic eDp5", "Bearer \x00", "bearer " + "a" * 9000]
)
def test_nobody_gets_a_401(service: FastAPI, operation: str, header: str | None) -> None:
    method, path = operations(service)[operation]
    answer = TestClient(service).request(method, path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401, answer.text
    assert answer.json()["type"] == "/problems/not-logged-in"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_what_is_declared_and_no_more(service: FastAPI, role: Role) -> None:
    client = as_account(service, f"a-{role.value}")
    assert set(ALLOWED) == set(Role)
    wrong = {}
    for operation, (method, path) in operations(service).items():
        if operation in NOT_LOGGED_IN:
            continue
        answer = client.request(method, path)
        needed = NEEDED[operation]
        allowed = needed is None or needed in ALLOWED[role]
        # Nobody has the number asked for: whoever is allowed learns that, or what the body lacks.
        expected = {200, 404, 422} if allowed else {403}
        if answer.status_code not in expected:
            wrong[operation] = answer.status_code
        if answer.status_code == 403:
            assert answer.json()["type"] == "/problems/not-allowed"
    assert wrong == {}


def test_an_account_without_a_role_may_nothing(service: FastAPI) -> None:
    client = as_account(service, "a-nothing")
    for operation, (method, path) in operations(service).items():
        if NEEDED.get(operation) is not None:
            assert client.request(method, path).status_code == 403, operation
    assert client.get("/v1/me").json()["actions"] == []


def test_rights_end_with_the_binding_and_the_account(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path: Any
) -> None:
    """A token does not outlive what it rests on: bindings are read at every request."""
    database = clone("rights_end")
    made = create_engine(database.service)
    app = create_app(
        Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path),
        sessions=audited(sessions_of(made), keyring),
        keyring=keyring,
    )
    client = as_account(app, "zhenba")
    assert client.get("/v1/workers").status_code == 200
    with owner_connection(database.owner) as owner:
        owner.execute(text("DELETE FROM account_binding"))
    assert client.get("/v1/workers").status_code == 403
    assert client.get("/v1/me").json()["regions"] == []
    with owner_connection(database.owner) as owner:
        owner.execute(text("UPDATE account SET active = false"))
    assert client.get("/v1/me").status_code == 401
    made.dispose()


def test_a_token_ends(clone: Callable[[str], Any], keyring: Keyring, tmp_path: Any) -> None:
    database = clone("tokens_end")
    made = create_engine(database.service)
    app = create_app(
        Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path),
        sessions=audited(sessions_of(made), keyring),
        keyring=keyring,
    )
    for ending in ("expires_at = now()", "revoked_at = now()", "used_at = now()", "kind = 'session'"):
        client = as_account(app, "zhenba")
        assert client.get("/v1/me").status_code == 200
        with owner_connection(database.owner) as owner:
            owner.execute(text(f"UPDATE access_token SET {ending}"))
        assert client.get("/v1/me").status_code == 401, ending
    made.dispose()


def test_a_wrong_name_and_a_wrong_password_look_the_same(anonymous: TestClient) -> None:
    answers = [
        anonymous.post("/v1/token", data={"username": name, "password": "wrong"})
        for name in ("zhenba", "no-such-account", "' OR true --", "\0", "", "😀" * 1000)
    ]
    told = [answer.json() | {"request_id": None} for answer in answers if answer.status_code != 422]
    assert all(each == told[0] for each in told)
    assert all(answer.status_code in (401, 422) for answer in answers)
    assert answers[0].status_code == answers[1].status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/workers", {"name": "外地人", "region": "610723"}),
        ("POST", "/v1/workers", {"name": "外地人", "region": "61"}),
        ("POST", "/v1/households", {"number": "1", "region": "610723"}),
        ("POST", "/v1/employers", {"name": "某厂", "region": "610723", "kept_by": "610723"}),
        ("POST", "/v1/vacancies", {"title": "某岗", "kept_by": "320612"}),
    ],
)
def test_outside_ones_own_region_is_a_403(
    west: TestClient, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = west.request(method, path, json=body)
    assert answer.status_code == 403, answer.text
    assert answer.json()["type"] == "/problems/outside-scope"


def test_what_is_elsewhere_is_not_there(world: Any, clerk: Callable[[str], TestClient]) -> None:
    worker, application = world.worker()["id"], world.application()["id"]
    spell = world.spell()["id"]
    other = clerk("yangxian")
    for path in (
        f"/v1/workers/{worker}",
        f"/v1/workers/{worker}/matches",
        f"/v1/applications/{application}",
        f"/v1/spells/{spell}",
    ):
        answer, nowhere = other.get(path), other.get("/v1/workers/987654321")
        assert answer.status_code == 404, path
        assert answer.json()["type"] == nowhere.json()["type"]
    changed = other.patch(f"/v1/workers/{worker}", json={"name": "改名"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 404
    for command in ("offer", "accept", "start"):
        body = {"json": {}} if command == "start" else {}
        assert other.post(f"/v1/applications/{application}/{command}", **body).status_code == 404
    assert (
        other.post(
            f"/v1/spells/{spell}/end", json={"ended_on": "2021-09-20", "leave_reason": "not_asked"}
        ).status_code
        == 404
    )


def test_another_bureaus_post_is_read_and_not_changed(world: Any, west: TestClient) -> None:
    post = world.vacancy()
    path = f"/v1/vacancies/{post['id']}"
    assert west.get(path).status_code == 200
    changed = west.patch(path, json={"title": "x"}, headers={"If-Match": f'"{post["version"]}"'})
    for answer in (
        changed,
        west.post(f"{path}/close"),
        west.post(f"{path}/refresh"),
        west.post(f"{path}/publish"),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/kept-elsewhere"
    assert west.get(path).json()["version"] == post["version"]


def test_who_may_not_change_people_does_nothing_to_a_file_of_them(
    east: TestClient, session_as: Callable[[str], Session]
) -> None:
    """Accounts of the destination import posts: of a file of people they leave out no line, and don't give it up."""
    session = session_as("tongzhou")
    row = Import(
        kind=ImportKind.ROSTER, state=ImportState.READY, file_name="一.xlsx", file_sha256="0" * 64,
        region="320612", as_of=date(2021, 9, 20),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(ImportLine(import_id=row.identity, line=1, status=LineStatus.NEW))
    session.commit()
    path = f"/v1/imports/{row.identity}"
    assert east.patch(f"{path}/lines/1", json={"cells": {"name": "测试"}}).status_code == 403
    assert east.post(f"{path}/lines/1/skip").status_code == 403
    assert east.delete(path).status_code == 403
    assert east.post(f"{path}/apply").status_code == 403
    version = {"If-Match": f'"{row.version}"'}
    assert east.put(f"{path}/mapping", json={"fields": {}}, headers=version).status_code == 403
