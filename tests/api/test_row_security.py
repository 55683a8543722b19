"""Row security on the real cluster: what the service's role may see and write, whatever the query says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import Sessions, sessions_of
from api.deps import act_as
from api.doubts.checking import check
from api.fairs.inviting import invite
from api.miniprogram.binding import ask_binding
from api.miniprogram.saying import PAYSLIP
from api.postgres.roles import MARKET
from api.settings import Environment, Settings
from api.worker.working import work_off
from models import security
from models.benefit import BenefitClaim, ClaimAudit, ClaimBatch, ClaimEvent, ClaimState
from models.consent import Speaker
from models.erasure import Erasure, ErasureReason
from models.fair import Fair
from models.id_number import demo_id_number
from models.notice import CallRequest, CallWhy, CheckIn, Notice, NoticeState
from models.public_post import CadreRelation, ExtensionReason, PublicPostPlacement, TermExtension
from models.ranking_model import ChangeKind, RankingChange, RankingFault, RankingModel
from models.review import ReviewAbout, ReviewRequest
from models.sealing import Keyring
from models.spell import Evidence, EvidenceGrade, ProofKind
from models.wechat import MessageKind, MessageSubscription
from models.worker import Sex
from models.workshop import WorkshopForm, WorkshopGrade, WorkshopRating, WorkshopRecognition

from .kiosks import Kiosk

PASSWORD = "right-horse-battery"
PERSONAL = sorted({*security.BY_REGION, "audit_event", "outbox_message"})
Login = Callable[[str], TestClient]
SessionAs = Callable[[str], Session]


@dataclass(frozen=True)
class Placed:
    """What the western clerk has put into the ledger."""

    worker: int
    household: int
    application: int
    spell: int
    vacancy: int
    employer: int


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201, 202), answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture(scope="module")
def guarded(clone: Callable[[str], Any]) -> Iterator[Engine]:
    """The service's connections to a database of this module's own."""
    engine = create_engine(clone("guarded").service)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(guarded: Engine) -> Iterator[Connection]:
    """A transaction there that ends with the test; `login` and `session_as` work inside it."""
    with guarded.connect() as opened:
        transaction = opened.begin()
        yield opened
        transaction.rollback()


@pytest.fixture
def session_as(sessions: Sessions) -> Iterator[SessionAs]:
    """Puts one session under a clerk's scope; the next clerk's takes its place."""
    with sessions() as session:

        def make(username: str) -> Session:
            found = text("SELECT account_id FROM account_by_username(:name)")
            act_as(session, session.connection().scalar(found, {"name": username}))
            return session

        yield make


@pytest.fixture(scope="module")
def placed(guarded: Engine, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory) -> Placed:
    """A household, a person with skill, key and intention, two applications, a spell, a ranking and an import."""
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    app = create_app(settings, sessions=audited(sessions_of(guarded), keyring), keyring=keyring)

    def login(username: str) -> TestClient:
        client = TestClient(app)
        token = made(client.post("/v1/token", data={"username": username, "password": PASSWORD}))
        client.headers["Authorization"] = f"Bearer {token['access_token']}"
        return client

    east, west = login("tongzhou"), login("zhenba")
    employer = made(east.post("/v1/employers", json={"name": "东部工厂", "region": "320612"}))["id"]
    facts = {
        "employer_id": employer,
        "region": "320612",
        "seats": 5,
        "pay_min": 5000,
        "valid_until": "2021-12-31",
        "text": "负责车间包装和码放工作。",
    }
    posts = [made(east.post("/v1/vacancies", json=facts | {"title": title}))["id"] for title in ("甲", "乙")]
    for post in posts:
        made(east.post(f"/v1/vacancies/{post}/publish"))
    household = made(
        west.post(
            "/v1/households",
            json={
                "number": "H-1",
                "region": "610728001",
                "hardship": [{"category": "marginal", "from_on": "2020-01-01"}],
            },
        )
    )["id"]
    worker = made(
        west.post(
            "/v1/workers",
            json={
                "name": "行权限",
                "region": "610728001",
                "household_id": household,
                "id_number": demo_id_number(date(1990, 5, 6), 300_000, Sex.MALE),
                "phone": "10000000003",
                "disability_grade": 2,
                "skills": {"包装": 2},
                "intention": {"wants": "out", "accepted_regions": ["320612"]},
            },
        )
    )["id"]
    made(west.get(f"/v1/workers/{worker}/matches"))
    made(west.post("/v1/me/second-factor"))
    _planned(app, west, worker)
    # Without an employer no rule accepts it: a report that waits, and the decision that says so.
    made(west.post(f"/v1/workers/{worker}/reports", json={"started": "2021-03-01", "ended": "2021-05-01"}))
    applied = [
        made(west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": post}))["id"]
        for post in posts
    ]
    spell = made(west.post(f"/v1/applications/{applied[0]}/start", json={}))["spell_id"]
    made(east.post(f"/v1/spells/{spell}/confirm", json={"found": "at_work", "means": "on_site"}))
    made(
        west.post(
            "/v1/imports",
            files={"file": ("a.jsonl", b'{"title": "\xe5\x8c\x85\xe8\xa3\x85\xe5\xb7\xa5"}\n')},
            headers={"Idempotency-Key": "import-1"},
        )
    )
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        caller = act_as(session, session.connection().scalar(account))
        check(session, keyring, region="610728", as_of=date(2021, 9, 20), account_id=caller.account_id)
    # Registered twice, asked for by a township, and found to be the same person.
    again = {
        "name": "行权限",
        "region": "610728",
        "id_number": demo_id_number(date(1990, 5, 6), 300_001, Sex.MALE),
    }
    [pair] = made(west.post("/v1/workers", json=again))["possible_duplicates"]
    asked = made(login("jingyang").post("/v1/workers", json=again | {"region": "610728001"}))["id"]
    made(login("jingyang").post(f"/v1/handovers/{asked}/withdraw", json={}))
    made(west.post(f"/v1/duplicates/{pair}/decide", json={"verdict": "same", "keep": worker}))
    batch = made(
        west.post("/v1/dispatches", json={"region": "610728", "name": "第一批", "departs_on": "2021-09-25"})
    )["id"]
    made(west.post(f"/v1/dispatches/{batch}/members", json={"worker_ids": [worker]}))
    course = made(
        west.post("/v1/courses", json={"region": "610728", "name": "缝纫", "started_on": "2021-09-01"})
    )["id"]
    made(west.post(f"/v1/courses/{course}/enrolments", json={"worker_ids": [worker]}))
    made(west.post("/v1/follow-ups/take", json={"worker_ids": [worker]}))
    told = {"found": "in_difficulty", "difficulty": "pay"}
    made(west.post(f"/v1/workers/{worker}/contacts", json=told))
    made(west.post("/v1/exports", json={"view": "roster"}))
    made(west.post(f"/v1/workers/{worker}/consents", json={"purpose": "messages"}))
    _typed_and_frozen(west)
    work_off(app.state.sessions, keyring, settings)
    _compared(app, west, demo_id_number(date(1990, 5, 6), 300_000, Sex.MALE))
    _told_a_heading(app, west)
    _exchanged(app, west)
    _claimed(app, worker)
    _on_the_ladder(app, west, worker, spell)
    _learned(app)
    _asked_for(app, worker)
    _by_wechat(app, keyring, worker, spell)
    _at_a_fair(app, west, worker, posts[1], employer, keyring)
    return Placed(worker, household, applied[0], spell, posts[0], employer)


def _typed_and_frozen(west: TestClient) -> None:
    """A task with a part and a proven figure, and a report of all people at work."""
    targets = made(west.get("/v1/targets", params={"limit": 200}))["items"]
    whole = next(target["id"] for target in targets if target["number"] == 370)
    made(west.post(f"/v1/targets/{whole}/parts", json={"region": "610728001", "figure": 30}))
    own = next(target["id"] for target in targets if target["region"]["code"] == "610728")
    figure = made(west.post(f"/v1/targets/{own}/figures", json={"figure": 1, "proof": "8号文"}))["id"]
    made(west.post(f"/v1/figures/{figure}/file", files={"file": ("a.pdf", b"%PDF-1.7")}))
    made(west.post("/v1/frozen-reports", json={"kind": "month"}))


def _planned(app: FastAPI, west: TestClient, worker: int) -> None:
    """A plan of somebody without work yet, who is left out of it by hand."""
    number = made(west.post("/v1/match-plans", json={"departs_on": "2021-09-25"}))["id"]
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    told = {"items": [{"kind": "keep_out", "worker_id": worker}]}
    made(west.post(f"/v1/match-plans/{number}/decisions", json=told))


def _compared(app: FastAPI, west: TestClient, number: str) -> None:
    """A list of payments laid beside the ledger: a stranger in it, and what it proves of the person at work."""
    stranger = demo_id_number(date(1990, 5, 6), 300_009, Sex.MALE)
    lines = ["姓名,证件号码,参保单位,费款所属期"]
    lines += [f"{name},{each},东部工厂,202109" for name, each in (("行权限", number), ("外人", stranger))]
    sent = west.post(
        "/v1/imports",
        files={"file": ("社保.csv", "\n".join(lines).encode("utf-8-sig"))},
        data={"kind": "social_insurance", "purpose": "compare"},
    )
    assert sent.status_code == 202, sent.text

    def work() -> None:
        work_off(app.state.sessions, app.state.keyring, app.state.settings)

    work()
    import_id = sent.json()["id"]
    for path, body in (("", {"import_id": import_id}), (f"/{import_id}/evidence", {})):
        assert west.post(f"/v1/comparisons{path}", json=body).status_code == 202
        work()


def _claimed(app: FastAPI, worker: int) -> None:
    """A claim, its first step, and an audit that drew it."""
    told: dict[str, Any] = {"region": "610728001", "benefit": "demo_stay", "year": 2021}
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        by = act_as(session, session.connection().scalar(account)).account_id
        day = date(2021, 9, 20)
        batch = ClaimBatch(**told, opened_on=day, account_id=by)
        session.add(batch)
        session.flush()
        claim = BenefitClaim(**told, batch_id=batch.identity, worker_id=worker, opened_on=day)
        session.add(claim)
        session.flush()
        number = claim.identity
        session.add(
            ClaimEvent(claim_id=number, to_state=ClaimState.VILLAGE_CHECK, on_date=day, account_id=by)
        )
        session.add(
            ClaimAudit(
                batch_id=batch.identity, claim_id=number, approver_id=by, seed="1", risk=1, drawn_on=day
            )
        )


def _asked_for(app: FastAPI, worker: int) -> None:
    """A request that a human looks, and a deletion that somebody approved."""
    day = date(2021, 9, 20)
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        by = act_as(session, session.connection().scalar(account)).account_id
        told: dict[str, Any] = {"worker_id": worker, "is_demo": False}
        asked: dict[str, Any] = {"speaker": Speaker.SELF, "wish_sealed": b"x", "asked_on": day, "due_on": day}
        session.add(ReviewRequest(about=ReviewAbout.RANKING, account_id=by, **asked, **told))
        session.add(Erasure(reason=ErasureReason.REQUEST, approved_on=day, approved_by=by, **told))


def _by_wechat(app: FastAPI, keyring: Keyring, worker: int, spell: int) -> None:
    """Somebody asks to speak for the person, who has said that she is there, is to be told something and to be called; and
    a payslip waits."""
    day = date(2021, 9, 20)
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        by = act_as(session, session.connection().scalar(account)).account_id
        number = demo_id_number(date(1990, 5, 6), 300_000, Sex.MALE)
        ask_binding(
            session, keyring, number=number, name="行权限", speaker=Speaker.FAMILY, telephone=None, today=day
        )
        told: dict[str, Any] = {"worker_id": worker, "is_demo": False}
        session.add(Notice(kind=MessageKind.OFFER, subject=1, state=NoticeState.WAITING, **told))
        session.add(CallRequest(why=CallWhy.MESSAGE, asked_on=day, due_on=day, **told))
        session.add(MessageSubscription(account_id=by, kind=MessageKind.OFFER))
        session.add(
            Evidence(
                spell_id=spell, grade=EvidenceGrade.D, kind=ProofKind.STATEMENT, covers_from=day, covers_to=day,
                source=PAYSLIP,
            )
        )  # fmt: skip
        session.flush()
        contact = session.connection().scalar(text("SELECT min(id) FROM contact"))
        session.connection().execute(
            text("SELECT set_config('app.worker', :worker, true)"), {"worker": str(worker)}
        )
        session.add(CheckIn(spell_id=spell, contact_id=contact, account_id=by, told_on=day, **told))


def _at_a_fair(
    app: FastAPI, west: TestClient, worker: int, post: int, employer: int, keyring: Keyring
) -> None:
    """A booth, a device, and the person, who is invited, has come and wants the post."""
    fair = made(west.get("/v1/fairs"))["items"][0]["id"]
    told = {"number": "1", "employer_id": employer, "vacancy_ids": [post]}
    made(west.post(f"/v1/fairs/{fair}/booths", json=told))
    code = made(west.post(f"/v1/fairs/{fair}/devices", json={"name": "1号机"}))["code"]
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        act_as(session, session.connection().scalar(account))
        invite(session, keyring, session.get_one(Fair, fair), [worker])
    made(west.post(f"/v1/fairs/{fair}/cards"))
    work_off(app.state.sessions, keyring, app.state.settings)
    device = Kiosk(TestClient(app), made(TestClient(app).post("/kiosk/v1/enrol", json={"code": code})))
    [card] = device.bundle()["cards"]
    device.say("check_in", card=card["name"])
    device.say("intend", card=card["name"], vacancy_id=post, ticket="A01")


def _on_the_ladder(app: FastAPI, west: TestClient, worker: int, spell: int) -> None:
    """An offer, a declaration and an extension, a workshop that is recognised and rated, a fair, a station with staff."""
    told: dict[str, Any] = {"rung": "market", "what": "某厂", "answer": "none"}
    made(west.post(f"/v1/workers/{worker}/job-offers", json=told))
    fair = {"region": "610728", "name": "专场", "kind": "special", "held_on": "2021-09-20"}
    made(west.post("/v1/fairs", json=fair))
    told = {"name": "驻通州站", "region": "320613", "opened_on": "2021-03-01"}
    station = made(west.post("/v1/stations", json=told))["id"]
    made(west.post(f"/v1/stations/{station}/staff", json={"username": "zhenba"}))
    told = {"name": "镇巴车间", "kind": "workshop", "region": "610728"}
    workshop = made(west.post("/v1/employers", json=told))["id"]
    there = made(west.post("/v1/employers", json={"name": "崇川厂", "region": "320613"}))["id"]
    made(west.post(f"/v1/stations/{station}/visits", json={"employer_id": there, "found": "in_order"}))
    day = date(2021, 9, 20)
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        act_as(session, session.connection().scalar(account))
        counted: dict[str, Any] = {"employer_id": workshop, "workers": 5, "relieved": 5}
        session.add_all(
            [
                PublicPostPlacement(spell_id=spell, cadre_relation=CadreRelation.NONE, declared_on=day),
                TermExtension(
                    spell_id=spell, until=day, reason=ExtensionReason.POLICY, basis="1号", decided_on=day
                ),
                WorkshopRecognition(form=WorkshopForm.PLANT, recognised_on=day, **counted),
                WorkshopRating(year=2021, grade=WorkshopGrade.PASSED, rated_on=day, **counted),
            ]
        )


def _learned(app: FastAPI) -> None:
    """A model that serves and is broken."""
    with app.state.sessions() as session, session.begin():
        account = text("SELECT account_id FROM account_by_username('zhenba')")
        by = act_as(session, session.connection().scalar(account)).account_id
        told: dict[str, Any] = {"regions": ["610728"], "account_id": by}
        model = RankingModel(
            monthly=False, as_of=date(2021, 9, 20), stays=0, answers=0, schema_hash="", file=b"x",
            file_sha256="x", may_serve=True, reasons=[], metrics={}, **told,
        )  # fmt: skip
        session.add(model)
        session.flush()
        session.add(RankingChange(model_id=model.id, kind=ChangeKind.PROMOTED, **told))
        session.add(RankingFault(model_id=model.identity, reason="x", account_id=by))


def _exchanged(app: FastAPI, west: TestClient) -> None:
    """An employer of an exchange folder, known by a key of the bureau's from now on."""
    content = b"employer_id,region\ne1,320612\n"
    sent = made(west.post("/v1/imports", files={"file": ("employers.csv", content)}))
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    made(west.post(f"/v1/imports/{sent['id']}/apply"))
    work_off(app.state.sessions, app.state.keyring, app.state.settings)


def _told_a_heading(app: FastAPI, west: TestClient) -> None:
    """A list with a heading that nobody knows, of which the clerk says that it is nothing we keep."""
    number = demo_id_number(date(1990, 5, 6), 300_011, Sex.MALE)
    content = f"姓名,身份证号,自编栏目\n名册人,{number},甲".encode("utf-8-sig")
    sent = made(
        west.post(
            "/v1/imports",
            files={"file": ("名册.csv", content)},
            data={"kind": "roster", "kept_by": "610728001"},
        )
    )
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    path = f"/v1/imports/{sent['id']}"
    version = {"If-Match": west.get(path).headers["etag"]}
    made(west.put(f"{path}/mapping", json={"fields": {"自编栏目": None}}, headers=version))


@pytest.fixture
def unscoped(connection: Connection) -> Iterator[Connection]:
    """The same transaction with no scope, as a connection of the pool is after the request before."""
    connection.execute(
        text("SELECT set_config('app.regions', '', true), set_config('app.account', '', true)")
    )
    yield connection


def rows(connection: Connection, table: str, condition: str = "true") -> int:
    if table == "outbox_message":
        with pytest.raises(DBAPIError), connection.begin_nested():
            connection.execute(text(f"SELECT * FROM {table}"))
        return 0
    return connection.scalar(text(f'SELECT count(*) FROM "{table}" WHERE {condition}')) or 0


def refused(connection: Connection, statement: str, **values: Any) -> bool:
    """Whether the database refuses, by an error or by finding no row to change."""
    try:
        with connection.begin_nested():
            return connection.execute(text(statement), values).rowcount == 0
    except DBAPIError as error:
        assert isinstance(error.orig, psycopg.errors.InsufficientPrivilege), error.orig
        return True


# --- without a scope ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", PERSONAL)
def test_without_a_scope_nothing_is_seen(placed: Placed, unscoped: Connection, table: str) -> None:
    assert rows(unscoped, table) == 0


def test_the_rows_are_there_for_those_who_may(placed: Placed, session_as: SessionAs) -> None:
    """Otherwise the test above proves nothing."""
    connection = session_as("zhenba").connection()
    empty = {table for table in PERSONAL if rows(connection, table) == 0}
    # Who logs in by WeChat is known to herself alone: tests/api/miniprogram.
    assert empty == {"outbox_message", "wechat_account"}


def test_a_pooled_connection_starts_each_transaction_blind(clone: Callable[[str], Any], keyring: Any) -> None:
    database = clone("pooled")
    owner = create_engine(database.owner)
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO household (created_at, number, region, risks, measures, is_demo) "
                "VALUES (now(), 'P-1', '610728', '{}', '{}', false)"
            )
        )
    owner.dispose()
    pool = create_engine(database.service, pool_size=1, max_overflow=0)
    scope = "{[610728000000,610729000000)}"
    with pool.connect() as fresh, fresh.begin():
        assert fresh.scalar(text("SELECT current_setting('app.regions', true)")) is None
        assert rows(fresh, "household") == 0
        fresh.execute(text("SELECT set_config('app.regions', :scope, true)"), {"scope": scope})
        assert rows(fresh, "household") == 1
    with pool.connect() as again, again.begin():
        assert again.scalar(text("SELECT current_setting('app.regions', true)")) == ""
        assert rows(again, "household") == 0
        assert refused(again, "UPDATE household SET relocated = true")
    pool.dispose()


@pytest.mark.parametrize("scope", ["nonsense", "{", "[610728000000,610729000000)", "610728", "%"])
def test_a_scope_that_is_none_shows_nothing(placed: Placed, unscoped: Connection, scope: str) -> None:
    unscoped.execute(text("SELECT set_config('app.regions', :scope, true)"), {"scope": scope})
    with pytest.raises(DBAPIError), unscoped.begin_nested():
        unscoped.scalar(text("SELECT count(*) FROM worker"))
    unscoped.execute(text("SELECT set_config('app.regions', '{}', true)"))
    assert rows(unscoped, "worker") == 0


# --- another county, the township, the city, the east ------------------------------------------------------------


@pytest.mark.parametrize("table", PERSONAL)
def test_another_county_sees_nothing_with_the_filter_removed(
    placed: Placed, session_as: SessionAs, table: str
) -> None:
    session = session_as("yangxian")
    own = {
        "account": "id = (SELECT app_account())",
        "account_binding": "account_id = (SELECT app_account())",
    }
    seen = rows(session.connection(), table)
    assert seen == (rows(session.connection(), table, own[table]) if table in own else 0)


def test_nobody_sees_anybody(placed: Placed, session_as: SessionAs) -> None:
    connection = session_as("nobody").connection()
    assert {table for table in PERSONAL if rows(connection, table)} == {"account", "account_binding"}


def test_the_township_sees_its_own_people_only(placed: Placed, login: Login, session_as: SessionAs) -> None:
    county = login("zhenba")
    elsewhere = made(county.post("/v1/workers", json={"name": "另一镇", "region": "610728101"}))["id"]
    connection = session_as("jingyang").connection()
    seen = set(connection.scalars(text("SELECT id FROM worker")))
    assert seen == {placed.worker}
    assert elsewhere in set(session_as("zhenba").connection().scalars(text("SELECT id FROM worker")))


def test_the_city_sees_both_counties(placed: Placed, login: Login, session_as: SessionAs) -> None:
    other = made(login("yangxian").post("/v1/workers", json={"name": "洋县人", "region": "610723"}))["id"]
    assert {placed.worker, other} <= set(
        session_as("hanzhong").connection().scalars(text("SELECT id FROM worker"))
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("application", 2),
        ("application_event", 3),
        ("employment_spell", 1),
        ("worker", 0),
        ("household", 0),
        ("hardship_period", 0),
        ("work_intention", 0),
        ("worker_skill", 0),
        ("person_key", 0),
        ("ranking_item", 0),
        ("import", 0),
        ("import_line", 0),
    ],
)
def test_the_east_sees_the_placement_and_not_the_person(
    placed: Placed, session_as: SessionAs, table: str, expected: int
) -> None:
    seen = rows(session_as("tongzhou").connection(), table)
    # The start wrote one event, each proposal one, and the other application's end one more.
    assert seen == expected if table != "application_event" else seen >= expected


def test_rows_follow_a_person_who_moves(placed: Placed, session_as: SessionAs) -> None:
    city = session_as("hanzhong")
    city.connection().execute(
        text("UPDATE worker SET region = '610723', household_id = NULL WHERE id = :id"), {"id": placed.worker}
    )
    here, there = session_as("yangxian").connection(), None
    for table in ("worker", "application", "employment_spell", "work_intention", "person_key"):
        assert rows(here, table) > 0, table
    there = session_as("zhenba").connection()
    for table in ("worker", "application", "employment_spell", "work_intention", "person_key"):
        assert rows(there, table) == 0, table


# --- writing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE worker SET name = 'x'",
        "UPDATE household SET relocated = true",
        "UPDATE doubt SET state = 'explained', explanation = 'x'",
        "INSERT INTO doubt_run (created_at, region, as_of, people, records, counts, statistics) "
        "VALUES (now(), '610728', '2021-09-20', 0, 0, '{}', '{}')",
        "UPDATE possible_duplicate SET note = 'x'",
        "UPDATE worker_merge SET undone_at = now()",
        "DELETE FROM former_number",
        "INSERT INTO former_number (created_at, worker_id, id_number_sealed, id_number_index, origin) "
        "VALUES (now(), :worker, 'x', 'x', 'merged')",
        "INSERT INTO possible_duplicate (created_at, worker_id, other_id, likeness, note) "
        "VALUES (now(), :worker, 1, 'no_number', '')",
        "SELECT move_belongings(:worker, :worker, '{}')",
        "UPDATE hardship_period SET to_on = '2021-01-01'",
        "UPDATE application SET state = 'withdrawn'",
        "UPDATE employment_spell SET ended_on = '2021-09-20'",
        "UPDATE worker_skill SET level = 5",
        "UPDATE work_intention SET pay_floor = 1",
        "UPDATE person_key SET sealed_key = ''",
        "UPDATE employer SET name = 'x' WHERE kept_by = '320612'",
        "UPDATE vacancy SET title = 'x' WHERE kept_by = '320612'",
        "UPDATE import SET file_name = 'x'",
        "INSERT INTO household (created_at, number, region, is_demo) VALUES (now(), 'Z', '610728', false)",
        "INSERT INTO worker (created_at, region, name, name_pinyin, restricted, is_demo) "
        "VALUES (now(), '610728', 'x', 'x', false, false)",
        "INSERT INTO hardship_period (created_at, household_id, category, from_on) "
        "VALUES (now(), :household, 'marginal', '2021-01-01')",
        "INSERT INTO worker_skill (worker_id, skill) VALUES (:worker, 'x')",
        "INSERT INTO application (created_at, worker_id, vacancy_id, state, applied_on) "
        "VALUES (now(), :worker, :vacancy, 'proposed', '2021-09-20')",
        "INSERT INTO application_event (created_at, application_id, to_state, at) "
        "VALUES (now(), :application, 'started', now())",
        "INSERT INTO employment_spell (created_at, worker_id, employer_id, kind, started_on, precision, is_main, "
        "is_demo) VALUES (now(), :worker, :employer, 'market', '2020-01-01', 'day', false, false)",
        "INSERT INTO evidence (created_at, spell_id, grade, covers_from, covers_to, source) "
        "VALUES (now(), :spell, 'A', '2021-01-01', '2021-02-01', '')",
        "INSERT INTO job_offer (created_at, worker_id, rung, what, offered_on, answer, is_demo) "
        "VALUES (now(), :worker, 'market', 'x', '2021-01-01', 'none', false)",
        "INSERT INTO public_post_placement (created_at, spell_id, cadre_relation, declared_on, is_demo) "
        "VALUES (now(), :spell, 'none', '2021-01-01', false)",
        "INSERT INTO term_extension (created_at, spell_id, until, reason, basis, decided_on, is_demo) "
        "VALUES (now(), :spell, '2022-01-01', 'policy', 'x', '2021-01-01', false)",
        "INSERT INTO fair (created_at, region, name, kind, held_on, place, called_off, is_demo) "
        "VALUES (now(), '610728', 'x', 'special', '2021-01-01', '', false, false)",
        "UPDATE fair SET name = 'x'",
        "UPDATE work_plan SET title = 'x' WHERE region = '610728'",
        "INSERT INTO work_plan (created_at, code, title, issuer, region) VALUES (now(), 'x', 'x', 'x', '610728')",
        "UPDATE target SET number = 1 WHERE region = '610728'",
        "INSERT INTO target (created_at, sequence, region, label, sentence, indicator, population, kinds, at_least, unit, "
        "measure, from_on, to_on) VALUES (now(), 99, '610728', 'x', 'x', 'task', 'rural', '{}', false, '人', 'flow', "
        "'2021-01-01', '2021-12-31')",
        "INSERT INTO service_station (created_at, name, region, kept_by, address, opened_on, is_demo) "
        "VALUES (now(), 'x', '320612', '610728', '', '2021-01-01', false)",
        "UPDATE service_station SET name = 'x'",
        "INSERT INTO station_staff (created_at, station_id, account_id, since) "
        "SELECT now(), 1, account_id, '2021-01-01' FROM account_by_username('yangxian')",
        "INSERT INTO station_visit (created_at, station_id, employer_id, visited_on, found, note, is_demo) "
        "VALUES (now(), 1, :employer, '2021-01-01', 'in_order', '', false)",
        "INSERT INTO workshop_rating (created_at, employer_id, year, grade, rated_on, workers, relieved, note, is_demo) "
        "VALUES (now(), :employer, 2021, 'passed', '2021-01-01', 1, 1, '', false)",
        "UPDATE workshop_recognition SET revoked_on = '2021-09-20', revoked_because = 'x'",
        "UPDATE evidence SET withdrawn_at = now(), withdrawn_because = 'untrue'",
        "DELETE FROM evidence",
        "UPDATE comparison_row SET note = 'x'",
        "DELETE FROM comparison_row",
        "INSERT INTO employer (created_at, name, kind, region, kept_by, is_demo) "
        "VALUES (now(), 'x', 'enterprise', '610723', '320612', false)",
        "INSERT INTO import (created_at, kind, file_name, file_sha256, region, as_of, shifted_days, counts) "
        "VALUES (now(), 'postings', 'x', 'x', '610728', '2021-09-20', 0, '{}')",
        "INSERT INTO idempotency_key (created_at, account_id, key, request_hash) "
        "SELECT now(), account_id, 'x', '' FROM account_by_username('zhenba')",
        "INSERT INTO access_token (created_at, account_id, kind, token_hash, expires_at) "
        "SELECT now(), account_id, 'bearer', 'x', now() + interval '1 day' FROM account_by_username('zhenba')",
        "INSERT INTO account (created_at, display_name, active, kept_by, is_demo) "
        "VALUES (now(), 'x', true, '610723', false)",
        "DELETE FROM account_binding",
        "UPDATE access_token SET revoked_at = now()",
        "DELETE FROM second_factor",
        "INSERT INTO second_factor (created_at, account_id, master_key_id, secret_sealed, last_step, recovery_hashes) "
        "SELECT now(), account_id, '1', '', 0, '{}' FROM account_by_username('zhenba')",
        "INSERT INTO ranking_change (created_at, regions, may_serve, kind, reason, account_id) "
        "SELECT now(), '{610728}', true, 'back', 'x', account_id FROM account_by_username('yangxian')",
        "INSERT INTO ranking_change (created_at, regions, may_serve, kind, reason, account_id) "
        "SELECT now(), '{610723,610728}', true, 'back', 'x', account_id FROM account_by_username('yangxian')",
        "INSERT INTO ranking_fault (created_at, model_id, reason, account_id) "
        "SELECT now(), 1, 'y', account_id FROM account_by_username('yangxian')",
        "UPDATE ranking_change SET model_id = NULL",
        "INSERT INTO consent (created_at, worker_id, purpose, given, told_on, speaker, means, form_number, account_id, is_demo) "
        "SELECT now(), :worker, 'ranking', false, '2021-09-20', 'self', 'screen', '', account_id, false "
        "FROM account_by_username('yangxian')",
        "INSERT INTO erasure (created_at, worker_id, reason, approved_on, approved_by, is_demo) "
        "SELECT now(), :worker, 'request', '2021-09-20', account_id, false FROM account_by_username('yangxian')",
        "SELECT erase_person(:worker)",
        "DELETE FROM ranking_change",
        "UPDATE ranking_model SET may_serve = true",
        "INSERT INTO ranking (id, created_at, account_id, side, ranker, ranker_version, as_of, ranked) "
        "SELECT gen_random_uuid(), now(), account_id, 'workers', '', '', now(), true "
        "FROM account_by_username('zhenba')",
    ],
)
def test_another_county_writes_nothing_of_ours(placed: Placed, session_as: SessionAs, statement: str) -> None:
    values = {name: value for name, value in vars(placed).items() if f":{name}" in statement}
    assert refused(session_as("yangxian").connection(), statement, **values)


def test_nobody_is_moved_out_of_the_scope(placed: Placed, session_as: SessionAs) -> None:
    connection = session_as("zhenba").connection()
    assert refused(connection, "UPDATE worker SET region = '610723' WHERE id = :id", id=placed.worker)
    assert refused(connection, "UPDATE household SET region = '610723' WHERE id = :id", id=placed.household)


def test_the_east_opens_no_application_and_no_spell(placed: Placed, session_as: SessionAs) -> None:
    connection = session_as("tongzhou").connection()
    extend = (
        "INSERT INTO term_extension (created_at, spell_id, until, reason, basis, decided_on, is_demo) "
        "VALUES (now(), :spell, '2022-01-01', 'policy', 'x', '2021-01-01', false)"
    )
    assert refused(connection, extend, spell=placed.spell)
    assert refused(connection, "UPDATE public_post_placement SET cadre_relation = 'cadre'")
    values = vars(placed)
    assert refused(
        connection,
        "INSERT INTO application (created_at, worker_id, vacancy_id, state, applied_on) "
        "VALUES (now(), :worker, :vacancy, 'proposed', '2021-09-20')",
        worker=values["worker"],
        vacancy=values["vacancy"],
    )
    assert refused(
        connection,
        "INSERT INTO employment_spell (created_at, worker_id, employer_id, region, kind, started_on, precision, "
        "is_main, is_demo) VALUES (now(), :worker, :employer, '320612', 'market', '2020-01-01', 'day', false, false)",
        worker=values["worker"],
        employer=values["employer"],
    )


def test_the_database_fills_in_the_regions_by_which_a_row_is_seen(
    placed: Placed, session_as: SessionAs
) -> None:
    """A region that a program claims for an application is not believed."""
    connection = session_as("zhenba").connection()
    connection.execute(
        text(
            "INSERT INTO application (created_at, worker_id, vacancy_id, worker_region, vacancy_region, state, "
            "applied_on) SELECT now(), worker_id, vacancy_id, '610723', '610723', 'refused', '2021-09-20' "
            "FROM application WHERE id = :id"
        ),
        {"id": placed.application},
    )
    assert rows(session_as("yangxian").connection(), "application") == 0


# --- the service's role ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE worker DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE worker NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY read ON worker",
        "CREATE POLICY mine ON worker USING (true)",
        "ALTER ROLE wengang_app BYPASSRLS",
        "SET ROLE wengang_owner",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE audit_event",
        "COPY worker TO PROGRAM 'cat'",
        "UPDATE target SET region = '610728'",
        "UPDATE target SET work_plan_id = 1",
        "DELETE FROM target",
        "UPDATE region SET name = 'x'",
        "DELETE FROM region",
        "UPDATE stability_rule SET parameters = '{}'",
        "UPDATE work_plan SET region = '610728'",
        "DELETE FROM work_plan",
        "UPDATE pairing SET programme = 'x'",
        "UPDATE occupation SET name = 'x'",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "UPDATE vacancy SET seats_taken = 0",
        "UPDATE vacancy SET version = 1",
        "UPDATE worker SET version = 1",
        "UPDATE worker SET id = 1",
        "UPDATE application SET worker_id = 1",
        "UPDATE application SET worker_region = '610723'",
        "UPDATE employment_spell SET origin_region = '610723'",
        "UPDATE account SET password_hash = 'x'",
        "UPDATE account SET active = true",
        "UPDATE account_binding SET role = 'province'",
        "INSERT INTO account_binding (created_at, account_id, role, region) "
        "SELECT now(), account_id, 'province', '61' FROM account_by_username('zhenba')",
        "UPDATE access_token SET expires_at = now() + interval '99 years'",
        "UPDATE access_token SET areas = NULL",
        "UPDATE account SET kept_by = '61'",
        "UPDATE login_attempt SET outcome = 'forgiven'",
        "DELETE FROM login_attempt",
        "UPDATE number_lookup SET asked = 0",
        "DELETE FROM number_lookup",
        "UPDATE token_use SET used_at = now()",
        "UPDATE second_factor SET account_id = 1",
        "UPDATE idempotency_key SET key = 'x'",
        "UPDATE ranking_item SET position = 1",
        "UPDATE ranking SET ranker = 'x'",
        "UPDATE application_event SET reason = 'x'",
        "UPDATE handover SET state = 'agreed'",
        "INSERT INTO handover (created_at) VALUES (now())",
        "DELETE FROM handover",
        "UPDATE former_number SET worker_id = 1",
        "UPDATE possible_duplicate SET worker_id = 1",
        "DELETE FROM possible_duplicate",
        "UPDATE worker_merge SET sealed_before = ''",
        "DELETE FROM worker_merge",
        "UPDATE employment_spell SET worker_id = 1",
        "UPDATE spell_report SET sealed_record = ''",
        "UPDATE doubt SET rule = 'D01'",
        "UPDATE doubt SET found_on = '2020-01-01', id = 1",
        "DELETE FROM doubt",
        "UPDATE doubt_run SET counts = '{}'",
        "DELETE FROM worker",
        "DELETE FROM person_key",
        "DELETE FROM employment_spell",
        "DELETE FROM application_event",
        "UPDATE consent SET given = true",
        "DELETE FROM consent",
        "UPDATE disclosure SET fields = '{name}'",
        "DELETE FROM disclosure",
        "DELETE FROM erasure",
        "UPDATE review_request SET due_on = '2030-01-01'",
        "SELECT * FROM outbox_message",
        "UPDATE outbox_message SET sent_at = now()",
    ],
)
def test_what_the_service_may_not_do_even_in_its_own_county(
    placed: Placed, session_as: SessionAs, statement: str
) -> None:
    connection = session_as("zhenba").connection()
    with pytest.raises(DBAPIError) as refusal, connection.begin_nested():
        connection.execute(text(statement))
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege), refusal.value.orig


def test_passwords_and_tokens_of_others_are_not_read(
    placed: Placed, login: Login, session_as: SessionAs
) -> None:
    login("yangxian")
    connection = session_as("zhenba").connection()
    assert connection.scalars(text("SELECT username FROM account")).all() == ["zhenba"]
    [own] = connection.scalars(text("SELECT DISTINCT account_id FROM access_token")).all()
    assert own == connection.scalar(text("SELECT id FROM account"))


def test_the_service_owns_nothing_and_bypasses_nothing(service_engine: Engine) -> None:
    with service_engine.connect() as connection:
        role = connection.execute(
            text(
                "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication "
                "FROM pg_roles WHERE rolname = current_user"
            )
        ).one()
        assert tuple(role) == (security.SERVICE_ROLE, False, False, False, False, False)
        owned = text("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert connection.scalar(owned) == 0
        member = text(
            "SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE pg_get_userbyid(member) = current_user"
        )
        assert set(connection.scalars(member)) <= {MARKET}


@pytest.mark.parametrize("table", PERSONAL)
def test_the_role_that_the_service_may_take_on_sees_no_more(
    placed: Placed, session_as: SessionAs, table: str
) -> None:
    """It is kept for the market of all regions, which nothing needs yet."""
    connection = session_as("zhenba").connection()
    connection.execute(text(f"SET LOCAL ROLE {MARKET}"))
    with pytest.raises(DBAPIError) as refusal, connection.begin_nested():
        connection.execute(text(f'SELECT * FROM "{table}"'))
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)
