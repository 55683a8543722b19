"""A small labour market as a bureau hands it over: one folder, six files, in a zip."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from sqlmodel import Session, select

from models.worker import Worker

from .filing import number

File = Sequence[Mapping[str, Any]]


def csv_of(rows: File, encoding: str = "utf-8") -> bytes:
    """The rows as CSV, their keys the headings."""
    text = StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def zipped(files: Mapping[str, bytes], folder: str = "market/") -> bytes:
    """The files in a zip, in their order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # Without the time of day: the same files are the same zip.
            archive.writestr(zipfile.ZipInfo(f"{folder}{name}"), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def worker(at: int, **changes: Any) -> dict[str, Any]:
    """A person with a number; `born` and `sex` are those of the number."""
    return {
        "worker_id": f"w{at}", "county": "610728", "name": f"测试{at:03d}", "id_number": number(at), "phone": f"1000000{at:04d}",
        "village": "测试村", "birth_date": "1985-03-15", "sex": "F", "education": "junior_high", "hardship": "脱贫户",
        "relocated": "1", "labour_capability": "ordinary", "skills": "缝纫工:3;电工", "experience_months": "24",
        "last_occupation": "缝纫工", "pay_floor": "4000", "accepted_regions": "320612;3206", "needs_lodging": "1",
        "speaks_mandarin": "1", "household_id": f"h{at}", "available_from": "2021-10-01",
    } | changes  # fmt: skip


def employer(at: int, **changes: Any) -> dict[str, Any]:
    return {"employer_id": f"e{at}", "region": "320612", "kind": "enterprise", "size": "200"} | changes


def vacancy(at: int, firm: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "vacancy_id": f"v{at}", "employer_id": f"e{firm}", "region": "320612", "title": "缝纫工", "seats": "20",
        "pay_min": "4500", "pay_max": "6000", "hours_per_week": "48", "min_age": "18", "max_age": "55",
        "min_education": "junior_high", "required_skills": "缝纫工", "lodging": "1", "meals": "1",
        "social_insurance": "1", "shift": "two", "valid_from": "2021-09-01", "valid_until": "2021-12-31",
        "text": "操作平缝机缝制衬衫，负责质量检查",
    } | changes  # fmt: skip


def applied(person: int, post: int, **changes: Any) -> dict[str, Any]:
    return {"worker_id": f"w{person}", "vacancy_id": f"v{post}", "applied_on": "2021-09-02"} | changes


def spell(person: int, firm: int = 1, **changes: Any) -> dict[str, Any]:
    return {"worker_id": f"w{person}", "employer_id": f"e{firm}", "started_on": "2021-03-01"} | changes


def market(**changes: File) -> dict[str, bytes]:
    """The six files, as they lie in a folder: not in the order in which they name each other."""
    rows: dict[str, File] = {
        "spells": [
            spell(1, started_on="2020-02", ended_on="2020-11", monthly_income="4200", kind="market", channel="亲友介绍"),
            spell(2, observed_until="2021-08-31", monthly_income="5200", evidence="A 2021-03-01..2021-08-31 seal+uscc",
                  contract_months="12", leave_reason="", spell_id="s2", supersedes="s1"),
            spell(2, started_on="2021-02-01", spell_id="s1"),
        ],
        "applications": [
            applied(1, 1, outcome="offered", decided_on="2021-09-05"),
            applied(2, 1, outcome="refused_by_worker", reason="too_far"),
            applied(2, 2, applied_on="2021-01-05", outcome="no_answer", decided_on="2021-02-05"),
        ],
        "open_workers": [{"worker_id": "w1"}],
        "vacancies": [vacancy(1), vacancy(2, 2, title="质检员", text="检验成品，限女性")],
        "employers": [employer(1, name="南通测试纺织有限公司"), employer(2)],
        "workers": [worker(1, companion_id="w2"), worker(2)],
    } | changes  # fmt: skip
    return {f"{name}.csv": csv_of(content) for name, content in rows.items()}


def by_file(found: dict[str, Any]) -> dict[str, dict[str, int]]:
    """How many lines of each file came to what."""
    return {sheet["name"]: sheet["counts"] for sheet in found["sheets"]}


def person(session: Session, key: str) -> Worker:
    """The one with this 人编号, as the database has it now."""
    session.expire_all()
    return session.exec(select(Worker).where(Worker.national_number == key)).one()
