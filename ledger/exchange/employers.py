"""employers.csv: the employers that its keys mean, found by code, by name and place, or as the last folder called them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from ledger.exchange.codes import Industries, known_regions
from ledger.exchange.folder import Firm, Folder, Row, begun, complain, refuse, rejected
from ledger.intake.judged import Judged
from models.employer import OF_THE_COUNTY, Employer, EmployerKind
from models.exchange import ExchangeKey, ExchangeNoun
from models.intake import LineStatus

_LONGEST = 100
_REGION = "没有这个行政区划代码，请核对"
_OF_COUNTY = "车间、社区工厂、公益性岗位由所在地登记，不能由这次导入的地区登记；请核对单位类型和地区"
_INDUSTRY = "没有认出这个行业，没有记入；请写行业代码或国标名称"
_TWICE = "前面已有一行是这个编号，请只留一行"
_ELSEWHERE = "这家单位由其他地区登记维护，没有改动"
_OTHER_USCC = "与这个编号以前指的单位不是同一家，仍按以前的；编号换给了别的单位的，请改用新编号"
_NAME_STAYS = "与台账登记的名称不同，保留台账的，请核对"
_REGION_STAYS = "与台账登记的所在地不同，保留台账的，请核对"
_PLACEHOLDER = "交换单位{}"


@dataclass(slots=True)
class Employing:
    """One line: the employer that it means, what is to be written of it, and the key under which it is kept."""

    judged: Judged
    key: str
    told: bytes
    standing: ExchangeKey | None
    employer: Employer | None
    columns: dict[str, Any] = field(default_factory=dict)


def digest_of(values: Mapping[str, Any]) -> bytes:
    """What a row said, so that the same is known again."""
    told = {name: value for name, value in values.items() if value not in (None, "", ())}
    return sha256(json.dumps(told, sort_keys=True, default=str, ensure_ascii=False).encode()).digest()


def keys_of(
    session: Session, folder: Folder, noun: ExchangeNoun, keys: Sequence[str]
) -> dict[str, ExchangeKey]:
    """What the bureau's earlier folders have called so."""
    rows = session.exec(
        select(ExchangeKey).where(
            ExchangeKey.region == folder.region, ExchangeKey.noun == noun, col(ExchangeKey.key).in_(keys)
        )
    )
    return {row.key: row for row in rows}


def judge_employers(
    session: Session, folder: Folder, rows: Sequence[Row], industries: Industries
) -> list[tuple[Judged, Employing | None]]:
    """The lines of a chunk, each with what is to be written."""
    keys = [str(row.values["employer_id"]) for row in rows if row.values.get("employer_id")]
    standing = keys_of(session, folder, ExchangeNoun.EMPLOYER, keys)
    numbers = [row.employer_id for row in standing.values() if row.employer_id]
    uscc = [row.values["uscc"] for row in rows if row.values.get("uscc")]
    names = [row.values["name"] for row in rows if row.values.get("name")]
    names += [_PLACEHOLDER.format(key) for key in keys]
    employers = session.exec(
        select(Employer)
        .where(col(Employer.id).in_(numbers) | col(Employer.uscc).in_(uscc) | col(Employer.name).in_(names))
        .order_by(col(Employer.kept_by) != folder.region, col(Employer.id))
    ).all()
    places = known_regions(session, (row.values["region"] for row in rows if row.values.get("region")))
    found = []
    for row in rows:
        judged = begun(row, ("employer_id", "region"), whole=False)
        plan = _read(folder, judged, row, standing, employers, places, industries)
        found.append((judged, plan))
        key = str(row.values.get("employer_id", ""))
        if key and plan is None and judged.status is not LineStatus.SKIPPED:
            folder.lose("employer_id", key)
    return found


def _read(
    folder: Folder,
    judged: Judged,
    row: Row,
    standing: Mapping[str, ExchangeKey],
    employers: Sequence[Employer],
    places: frozenset[str],
    industries: Industries,
) -> Employing | None:
    values = row.values
    key, region, name = str(values.get("employer_id", "")), values.get("region"), values.get("name")
    kind: EmployerKind | None = values.get("kind")
    if region is not None and region not in places:
        refuse(judged, "region", _REGION)
    if kind in OF_THE_COUNTY and region and not region.startswith(folder.region):
        refuse(judged, "kind", _OF_COUNTY)
    if name and len(name) > _LONGEST:
        refuse(judged, "name", f"超过{_LONGEST}个字，请改短")
    if key and key in folder.firms:
        refuse(judged, "employer_id", _TWICE)
    industry = industries.find(values["industry"]) if values.get("industry") else None
    if values.get("industry") and industry is None:
        complain(judged, "industry", _INDUSTRY)
    if rejected(judged).status is not LineStatus.NEW:
        return None
    known = standing.get(key)
    employer = _meant(judged, known, values, employers, _PLACEHOLDER.format(key))
    plan = Employing(judged, key, digest_of(values), known, employer)
    told = {"kind": kind, "industry": industry, "size": values.get("size"), "uscc": values.get("uscc")}
    told = {column: value for column, value in told.items() if value is not None}
    if employer is None:
        plan.columns = {
            "name": name or _PLACEHOLDER.format(key),
            "region": region,
            "kept_by": folder.region,
        } | told
    elif known is None or known.told != plan.told:
        _differences(folder, plan, told, name, region)
        judged.status = LineStatus.CHANGED if judged.changes else LineStatus.SAME
    else:
        judged.status = LineStatus.SAME
    folder.firms[key] = Firm(
        employer.id if employer else None,
        str(plan.columns.get("name") or (employer.name if employer else "")),
        employer.region if employer else str(region),
    )
    folder.lost.pop(("employer_id", key), None)
    return plan


def _meant(
    judged: Judged,
    known: ExchangeKey | None,
    values: Mapping[str, Any],
    employers: Sequence[Employer],
    placeholder: str,
) -> Employer | None:
    uscc, region = values.get("uscc"), values["region"]
    by_uscc = next((each for each in employers if uscc and each.uscc == uscc), None)
    if known is not None:
        found = next(each for each in employers if each.id == known.employer_id)
        if by_uscc is not None and by_uscc.id != found.id:
            complain(judged, "uscc", _OTHER_USCC)
        return found
    if by_uscc is not None:
        return by_uscc
    name = values.get("name") or placeholder
    named = (each for each in employers if (each.name, each.region) == (name, region))
    # Two codes are two firms, also of one name in one place.
    return next((each for each in named if not (uscc and each.uscc and each.uscc != uscc)), None)


def _differences(
    folder: Folder, plan: Employing, told: dict[str, Any], name: str | None, region: Any
) -> None:
    employer, judged = plan.employer, plan.judged
    if employer is None:
        return
    if any(each.column == "uscc" for each in judged.complaints) or employer.uscc is not None:
        told.pop("uscc", None)
    if name and name != employer.name:
        if employer.name == _PLACEHOLDER.format(plan.key):
            told["name"] = name
        else:
            complain(judged, "name", _NAME_STAYS)
    if region != employer.region:
        complain(judged, "region", _REGION_STAYS)
    differing = {column: value for column, value in told.items() if getattr(employer, column) != value}
    if differing and not employer.kept_by.startswith(folder.region):
        complain(judged, "employer_id", _ELSEWHERE)
        return
    plan.columns = differing
    judged.changes = {column: (getattr(employer, column), value) for column, value in differing.items()}


def write_employers(
    session: Session, folder: Folder, plans: Sequence[Employing], at_line: Callable[[int], None]
) -> None:
    """Write them, and let the keys mean them from now on.

    Parameters
    ----------
    at_line : told which line the next changes come from.
    """
    for plan in plans:
        at_line(plan.judged.line)
        employer = plan.employer
        if employer is None:
            employer = plan.employer = Employer(**plan.columns)
        else:
            for column, value in plan.columns.items():
                setattr(employer, column, value)
        session.add(employer)
        session.flush()
        keep_key(
            session, folder, plan.standing, ExchangeNoun.EMPLOYER, plan.key, employer.identity, plan.told
        )
        folder.firms[plan.key] = Firm(employer.identity, employer.name, employer.region)
    session.flush()


def keep_key(
    session: Session,
    folder: Folder,
    standing: ExchangeKey | None,
    noun: ExchangeNoun,
    key: str,
    number: int,
    told: bytes,
) -> None:
    """Let the key mean this row, which the folder has just told of."""
    if standing is None:
        standing = ExchangeKey(
            region=folder.region,
            noun=noun,
            key=key,
            employer_id=number if noun is ExchangeNoun.EMPLOYER else None,
            vacancy_id=number if noun is ExchangeNoun.VACANCY else None,
            told=told,
            import_id=folder.import_id,
        )
    standing.told = told
    session.add(standing)
