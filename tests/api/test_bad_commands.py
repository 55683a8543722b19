"""Bad input for the commands of the ledger: each against rows on which its right body is carried out.

What a command changes is taken back after each try, so that every value meets the same rows. `test_bad_input` has the
values and says what a refusal must be like.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection
from sqlmodel import Session
from starlette.testclient import TestClient

from models.doubt import Doubt, DoubtSeverity
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

from .account_commands import ACCOUNT_COMMANDS
from .claim_commands import CLAIM_COMMANDS
from .claiming import Claimants
from .conftest import World, made
from .filing import HEADINGS, Intake, away, number, workbook
from .ladder_commands import LADDER_COMMANDS
from .learned_past import learned_of, serve
from .plan_commands import PLAN_COMMANDS
from .rights_commands import RIGHTS_COMMANDS, RIGHTS_CREATING
from .test_bad_input import BODIES, MARK, NASTY, TEXTS, operations, some_of, spoiled, well_told
from .test_planning import PLAN, TASK

SOME: list[Any] = [
    None, [], {}, [None], "", f"{MARK}\0", f"{MARK}\ud800", MARK * 6_000, "110101199003070000", -1, 2**63,
    float("nan"), {MARK: MARK},
]  # fmt: skip
"""What stands for all of them where a command creates nothing."""

Told = tuple[TestClient, dict[str, Any], dict[str, Any]]
"""Who sends it, what its address names, and a body that is carried out."""


class Stage:
    """Rows on which commands can be carried out."""

    def __init__(
        self,
        world: World,
        clerk: Callable[[str], TestClient],
        work: Callable[[], int],
        session_as: Callable[[str], Session],
        keyring: Keyring,
    ) -> None:
        self.keyring = keyring
        self.world, self.clerk, self.session_as = world, clerk, session_as
        self.west, self.east = world.west, world.east
        self.claimants = Claimants(self.west, session_as)
        self.intake = Intake(self.west, work)

    def worker(self) -> int:
        return int(self.world.worker()["id"])

    def plan(self) -> int:
        """A plan of 镇巴's."""
        return int(made(self.west.post("/v1/plans", json=PLAN))["id"])

    def account(self) -> int:
        """Somebody who may follow people up."""
        found = self.west.get("/v1/follow-ups/callers").json()
        return int(next(each["account_id"] for each in found if each["name"] == "jingyang"))

    def report(self) -> int:
        """A report that waits: the county of work is not told."""
        told = {"working": True, "started": "2021-03-01", "employer": "甲厂"}
        answer = made(self.west.post(f"/v1/workers/{self.worker()}/reports", json=told))
        return int(answer["id"])

    def pair(self) -> int:
        taken = demo_id_number(date(1990, 1, 2), 81_000, Sex.MALE)
        self.world.worker(id_number=taken)
        path = f"/v1/workers/{self.worker()}"
        answer = self.west.post(
            f"{path}/correct-id-number",
            json={"id_number": taken, "reason": "mistyped"},
            headers={"If-Match": self.west.get(path).headers["ETag"]},
        )
        return int(answer.headers["Location"].rsplit("/", 1)[1])

    def handover(self) -> int:
        taken = demo_id_number(date(1990, 1, 2), 81_002, Sex.MALE)
        self.world.worker(id_number=taken)
        told = {"name": "测试甲", "region": "610723", "id_number": taken}
        return int(made(self.clerk("yangxian").post("/v1/workers", json=told))["id"])

    def doubt(self) -> int:
        day = date(2021, 9, 20)
        row = Doubt(
            rule="D01",
            severity=DoubtSeverity.CHECK,
            region="610728001",
            subject=b"x",
            worker_id=self.worker(),
            what="收入没有填写",
            found_on=day,
            seen_on=day,
        )
        session = self.session_as("zhenba")
        session.add(row)
        session.flush()
        number = row.identity
        session.commit()
        return number

    def course(self, *, enrolled: bool = False) -> tuple[int, int]:
        course = made(self.west.post("/v1/courses", json=COURSE))["id"]
        worker = self.worker()
        if enrolled:
            made(self.west.post(f"/v1/courses/{course}/enrolments", json={"worker_ids": [worker]}))
        return course, worker

    def numbered(self) -> int:
        """镇巴's task of 370."""
        items = self.west.get("/v1/targets", params={"limit": 200}).json()["items"]
        return int(next(item["id"] for item in items if item["number"] == 370))

    def evidence(self) -> tuple[int, int]:
        spell = int(self.world.spell()["id"])
        told = {"proof": "wage_flow", "covers_from": "2021-09-20", "covers_to": "2021-09-20"}
        return spell, int(made(self.west.post(f"/v1/spells/{spell}/evidence", data=told))["id"])

    def figure(self) -> int:
        return int(made(self.west.post("/v1/targets/1/figures", json=FIGURE))["id"])

    def at_work(self) -> int:
        return int(self.world.spell()["worker_id"])

    def promise(self) -> int:
        told = {"found": "in_difficulty", "difficulty": "lodging"}
        made(self.west.post(f"/v1/workers/{self.at_work()}/contacts", json=told))
        return int(made(self.west.get("/v1/support-tasks"))["items"][-1]["id"])

    def dispatch(self, *, listed: bool = False) -> tuple[int, int]:
        batch = made(self.west.post("/v1/dispatches", json=DISPATCH))["id"]
        worker = self.worker()
        if listed:
            made(self.west.post(f"/v1/dispatches/{batch}/members", json={"worker_ids": [worker]}))
        return batch, worker

    def compared(self) -> tuple[int, int]:
        """A list beside the ledger, and a row of it that differs."""
        self.intake.applied(workbook([away(1)]))
        other = self.intake.checked(workbook([away(1, 务工月收入="5100")]), "对方.xlsx", purpose="compare")
        made(self.west.post("/v1/comparisons", json={"import_id": other["id"]}))
        self.intake.work()
        [row] = made(self.west.get(f"/v1/comparisons/{other['id']}/rows"))["items"]
        return other["id"], row["id"]


FIGURE = {"figure": 1, "as_of": "2021-09-01", "proof": "8号文", "region": "610728"}
COURSE = {"region": "610728", "name": "缝纫工第一期", "started_on": "2021-09-01"}
DISPATCH = {"region": "610728", "name": "第一批", "departs_on": "2021-09-25", "destination": "320612"}


def _of_application(stage: Stage) -> Told:
    application = stage.world.application()
    made(stage.east.post(f"/v1/vacancies/{application['vacancy_id']}/close"))
    made(stage.west.post(f"/v1/applications/{application['id']}/pool"))
    return stage.west, {"application_id": application["id"]}, {"vacancy_id": stage.world.vacancy()["id"]}


def _of_report(stage: Stage) -> Told:
    return stage.west, {"report_id": stage.report()}, {"reason": "已核实"}


def _of_course(name: str, enrolled: bool, **more: Any) -> Callable[[Stage], Told]:
    def told(stage: Stage) -> Told:
        course, worker = stage.course(enrolled=enrolled)
        return stage.west, {"course_id": course}, {name: [worker], **more}

    return told


def _of_dispatch(name: str, listed: bool, **more: Any) -> Callable[[Stage], Told]:
    def told(stage: Stage) -> Told:
        batch, worker = stage.dispatch(listed=listed)
        return stage.west, {"dispatch_id": batch}, {name: [worker], **more}

    return told


def _of_handover(who: str, **body: Any) -> Callable[[Stage], Told]:
    return lambda stage: (stage.clerk(who), {"handover_id": stage.handover()}, body)


def _of_comparison(**body: Any) -> Callable[[Stage], Told]:
    return lambda stage: (stage.west, {"import_id": stage.compared()[0]}, body)


def _of_row(stage: Stage) -> Told:
    import_id, row_id = stage.compared()
    return stage.west, {"import_id": import_id, "row_id": row_id}, {"how": "kept", "note": "电话核实"}


def _of_line(stage: Stage) -> Told:
    wrong = number(7)[:17] + ("1" if number(7)[17] != "1" else "2")
    found = stage.intake.checked(workbook([away(7, 证件号码=wrong)]))
    line = stage.intake.lines(found["id"], status="rejected")[0]["line"]
    return stage.west, {"import_id": found["id"], "line": line}, {"cells": {"id_number": number(7)}}


def _of_headings(stage: Stage) -> Told:
    rows = [{**away(8), "自编栏目": "某厂"}]
    found = stage.intake.checked(workbook(rows, (*HEADINGS, "自编栏目")))
    return stage.west, {"import_id": found["id"]}, {"kind": "away", "fields": {"自编栏目": None}}


def _of_number(stage: Stage) -> Told:
    right = demo_id_number(date(1986, 1, 2), 81_004, Sex.MALE)
    return stage.west, {"worker_id": stage.worker()}, {"id_number": right, "reason": "mistyped"}


def _of_part(stage: Stage) -> Told:
    target = stage.numbered()
    told = {"region": "610728001", "figure": 30}
    part = made(stage.west.post(f"/v1/targets/{target}/parts", json=told))["id"]
    return stage.west, {"target_id": target, "part_id": part}, {"figure": 35}


def _of_evidence(stage: Stage) -> Told:
    spell, evidence = stage.evidence()
    return stage.west, {"spell_id": spell, "evidence_id": evidence}, {"reason": "wrong_days"}


def _of_model(stage: Stage) -> Told:
    """A model serves, so that there is one to go back from."""
    serve(stage.session_as("zhenba"), learned_of())
    return stage.west, {}, {"reason": "先退回上一版"}


COMMANDS: dict[str, Callable[[Stage], Told]] = {
    **CLAIM_COMMANDS,
    **LADDER_COMMANDS,
    **PLAN_COMMANDS,
    **ACCOUNT_COMMANDS,
    **RIGHTS_COMMANDS,
    "accept_report": _of_report,
    "add_dispatch_members": _of_dispatch("worker_ids", listed=False),
    "add_enrolments": _of_course("worker_ids", enrolled=False),
    "agree_handover": _of_handover("zhenba", answer="同意"),
    "check_doubts": lambda stage: (stage.west, {}, {"region": "610728"}),
    "confirm_spell": lambda stage: (
        stage.east,
        {"spell_id": stage.world.spell()["id"]},
        {"found": "at_work", "means": "on_site", "found_on": "2021-09-20", "since": "2021-09-20"},
    ),
    "complete_course": _of_course("worker_ids", enrolled=True),
    "contact_household": lambda stage: (
        stage.west,
        {"household_id": stage.world.household()["id"]},
        {"on": "2021-09-18", "note": "下月上班"},
    ),
    "correct_worker_id_number": _of_number,
    "create_comparison": lambda stage: (stage.west, {}, {"import_id": stage.compared()[0]}),
    "create_comparison_evidence": _of_comparison(grade="A"),
    "create_contact": lambda stage: (
        stage.west,
        {"worker_id": stage.at_work()},
        {"found": "in_difficulty", "difficulty": "lodging", "due_on": "2021-09-30", "note": "宿舍漏雨"},
    ),
    "create_course": lambda stage: (stage.west, {}, COURSE),
    "create_dispatch": lambda stage: (stage.west, {}, DISPATCH),
    "create_export": lambda stage: (stage.west, {}, {"view": "transferred", "region": "610728"}),
    "create_figure": lambda stage: (stage.west, {"target_id": 1}, FIGURE),
    "train_ranking_model": lambda stage: (stage.west, {}, {"region": "610728"}),
    "back_ranking_model": _of_model,
    "create_frozen_report": lambda stage: (
        stage.west,
        {},
        {"region": "610728", "kind": "month", "period": "2021-08"},
    ),
    "create_merge": lambda stage: (
        stage.west,
        {},
        {"kept_id": stage.worker(), "merged_id": stage.worker()},
    ),
    "create_report": lambda stage: (
        stage.west,
        {"worker_id": stage.worker()},
        {"working": True, "started": "2021-03-01", "region": "320612", "employer": "甲厂", "income": 4500},
    ),
    "create_plan": lambda stage: (stage.west, {}, PLAN),
    "create_target": lambda stage: (stage.west, {"plan_id": stage.plan()}, TASK),
    "update_plan": lambda stage: (stage.west, {"plan_id": stage.plan()}, {"title": "新名称"}),
    "update_target": lambda stage: (stage.west, {"target_id": stage.numbered()}, {"number": 400}),
    "create_target_part": lambda stage: (
        stage.west,
        {"target_id": stage.numbered()},
        {"region": "610728001", "figure": 30},
    ),
    "decide_duplicate": lambda stage: (
        stage.west,
        {"duplicate_id": stage.pair()},
        {"verdict": "same", "note": "电话问过"},
    ),
    "decide_handover": _of_handover("hanzhong", transfer=True, answer="以户籍迁入地为准"),
    "depart_dispatch": _of_dispatch("worker_ids", listed=True),
    "explain_doubt": lambda stage: (stage.west, {"doubt_id": stage.doubt()}, {"reason": "已核实"}),
    "explain_doubts": lambda stage: (stage.west, {}, {"ids": [stage.doubt()], "reason": "已核实"}),
    "finish_support_task": lambda stage: (
        stage.west,
        {"task_id": stage.promise()},
        {"outcome": "已换宿舍"},
    ),
    "map_import_headings": _of_headings,
    "mend_import_line": _of_line,
    "preview_comparison_evidence": _of_comparison(grade="A"),
    "propose_from_pool": _of_application,
    "refresh_vacancies": lambda stage: (stage.east, {}, {"ids": [stage.world.vacancy()["id"]]}),
    "refuse_handover": _of_handover("zhenba", answer="仍住本县"),
    "refuse_report": _of_report,
    "release_follow_ups": lambda stage: (stage.west, {}, {"worker_ids": [stage.worker()]}),
    "remove_dispatch_members": _of_dispatch("worker_ids", listed=True),
    "remove_enrolments": _of_course("worker_ids", enrolled=True),
    "search_duplicates": lambda stage: (stage.west, {}, {"region": "610728"}),
    "settle_comparison": _of_comparison(standing="differs", how="kept", field="income", note="核实"),
    "settle_comparison_row": _of_row,
    "propose_to_leavers": lambda stage: (stage.west, {}, {"region": "610728"}),
    "take_follow_ups": lambda stage: (stage.west, {}, {"worker_ids": [stage.worker()]}),
    "take_back_follow_ups": lambda stage: (stage.west, {}, {"worker_ids": [stage.worker()]}),
    "give_follow_ups": lambda stage: (
        stage.west,
        {},
        {"worker_ids": [stage.worker()], "account_id": stage.account()},
    ),
    "update_course": lambda stage: (stage.west, {"course_id": stage.course()[0]}, {"name": "第二期"}),
    "update_dispatch": lambda stage: (stage.west, {"dispatch_id": stage.dispatch()[0]}, {"name": "第二批"}),
    "update_target_part": _of_part,
    "withdraw_evidence": _of_evidence,
    "withdraw_figure": lambda stage: (stage.west, {"figure_id": stage.figure()}, {"reason": "填错"}),
    "withdraw_handover": _of_handover("yangxian", answer="登记有误"),
}
REFUSED = {"accept_report", "create_comparison_evidence", "preview_comparison_evidence"}
"""Whose right body is answered by a refusal: of work without a county no spell is made, and no wages were listed."""
CREATING = {
    "create_claims",
    "create_contact",
    "create_course",
    "create_dispatch",
    "create_export",
    "create_fair",
    "create_fair_booth",
    "create_kiosk_device",
    "create_job_offer",
    "create_plan",
    "create_public_post",
    "create_report",
    "create_station",
    "create_station_visit",
    "create_target",
    *RIGHTS_CREATING,
}


@pytest.fixture
def stage(
    world: World,
    clerk: Callable[[str], TestClient],
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    keyring: Keyring,
) -> Stage:
    return Stage(world, clerk, work, session_as, keyring)


def test_every_body_is_tried(app: FastAPI) -> None:
    taking = {
        found
        for found, _, _, operation in operations(app)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert taking == {*BODIES, *COMMANDS}


@pytest.mark.parametrize(
    "operation_id",
    [
        pytest.param(name, marks=() if at % 9 == 0 else pytest.mark.deep)
        for at, name in enumerate(sorted(COMMANDS))
    ],
)
def test_every_field_of_every_command(
    app: FastAPI,
    stage: Stage,
    connection: Connection,
    operation_id: str,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    [(method, path, operation)] = [found[1:] for found in operations(app) if found[0] == operation_id]
    client, named, right = COMMANDS[operation_id](stage)
    filled = path.format(**named)
    headers = {"Content-Type": "application/json"}
    if any(told["name"].lower() == "if-match" for told in operation.get("parameters", ())):
        read = (
            filled.removesuffix("/correct-id-number")
            .removesuffix("/mapping")
            .removesuffix("/done")
            .removesuffix("/approve")
        )
        headers["If-Match"] = f'"{made(client.get(read))["version"]}"'

    def send(body: Any) -> Any:
        """The answer; whatever it changed is taken back."""
        before = connection.begin_nested()
        try:
            return client.request(method, filled, content=json.dumps(body).encode(), headers=headers)
        finally:
            before.rollback()

    answer = send(right)
    assert answer.is_success is (operation_id not in REFUSED), answer.text
    capsys.readouterr()
    sent = 0
    bodies = spoiled(app, operation_id, right, NASTY if operation_id in CREATING else SOME)
    for body in some_of(bodies, operation_id, pytestconfig):
        well_told(send(body), repr(body)[:300])
        sent += 1
    for name, value in right.items():
        if isinstance(value, dict):
            for text in TEXTS:
                well_told(send(right | {name: {text: text}}), (name, text[:50]))
                well_told(send(right | {name: dict.fromkeys(value, text)}), (name, text[:50]))
    assert sent > len(SOME) // 15
    assert send(right).status_code == answer.status_code
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err
