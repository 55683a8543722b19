"""政策待遇 as pages: the list of the entitled, a batch's steps, the audit, the employers, and a person's own section."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.spell import SpellKind

from .claiming import STAY, TRAVEL, Claimants
from .conftest import Visitor, made


@pytest.fixture
def at_desk(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("zhenba")


def words(page: str) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page.partition("<main")[2].partition("</main>")[0]))


def test_before_there_is_anything(at_desk: Visitor) -> None:
    page = words(at_desk.get("/benefits"))
    assert "都已申领" in page and "还没有申领。从上面的名单里选人" in page
    assert "金额未知" in page and "费用的50%" in page
    assert "没有可以享受而没有申领的人" in words(at_desk.get(f"/benefits/{TRAVEL}"))
    assert "还没有登记本地区的用人单位" in words(at_desk.get("/benefits/employers?least=0"))
    at_desk.get("/benefits/nothing", 404)
    at_desk.get("/benefits/batches/77", 404)


def test_from_the_list_to_the_payment(
    people: Claimants, at_desk: Visitor, on: Callable[[str], None], visitor: Callable[[str], Visitor]
) -> None:
    workers = [people.worker(name=f"测试{name}") for name in "甲乙丙"]
    assert "有6人次按务工记录可以享受2021年的补贴" in words(at_desk.get("/benefits"))
    listed = words(at_desk.get(f"/benefits/{TRAVEL}"))
    assert "2021年有3人可以享受、还没有申领，合计1500元" in listed
    page = at_desk.done(f"/benefits/{TRAVEL}", year=2021, worker=workers)
    assert "已开始申领" in page and "3条申领，金额1500元：村级核查3条" in words(page)
    refused = at_desk.post(f"/benefits/{TRAVEL}", year=2021, worker=workers[:1])
    assert refused.status_code == 409 and "已经申领过" in refused.text
    batch = made(people.west.get("/v1/claims/batches"))["items"][0]["id"]
    path = f"/benefits/batches/{batch}"
    claims = people.claims({"id": batch})
    assert "请先选择不予发放的申领" in at_desk.post(f"{path}/refuse", reason="不实").text
    assert "村级核查2条，不予发放1条" in words(
        at_desk.done(f"{path}/refuse", claim=claims[0], reason="反映情况不实")
    )
    assert "公示中2条" in words(at_desk.done(f"{path}/notice"))
    assert "公示期还没有满" in at_desk.post(f"{path}/approve").text
    on("2021-09-25")
    assert "已审批2条" in words(at_desk.done(f"{path}/approve"))
    file = at_desk.client.get(f"{path}/payment-file")
    assert file.status_code == 200 and file.content[:2] == b"PK"
    assert "已审批1条，已发放1条" in words(at_desk.done(f"{path}/pay", claim=claims[1]))
    # Whoever approved does not judge; the auditor draws, finds and concludes, the clerk answers.
    auditor = visitor("auditor")
    drawn = auditor.done(f"{path}/audit")
    assert words(drawn).count("没有C级以上佐证") == 2
    step = re.findall(rf"({path}/audits/\d+)/find", drawn)[0]
    assert "别人抽查" in at_desk.post(f"{step}/find", words="看过").text
    assert "抽查意见（2021年9月25日）：合同没有盖章" in words(
        auditor.done(f"{step}/find", words="合同没有盖章")
    )
    assert "答复（2021年9月25日）：已补" in words(at_desk.done(f"{step}/reply", words="已补"))
    assert "已更正" in words(auditor.done(f"{step}/conclude", conclusion="mended"))
    assert auditor.post(f"{path}/pay").status_code == 403


def test_an_amount_is_typed_in_yuan(people: Claimants, at_desk: Visitor) -> None:
    worker = people.worker()
    page = at_desk.get(f"/benefits/{STAY}")
    assert "每人金额（元）" in page and "金额未知" in page
    assert "最多两位小数" in at_desk.post(f"/benefits/{STAY}", year=2021, worker=worker, amount="3百").text
    done = at_desk.done(f"/benefits/{STAY}", year=2021, worker=worker)
    assert "另有1条待定" in words(done)
    batch = made(people.west.get("/v1/claims/batches"))["items"][0]["id"]
    assert "金额318.50元" in words(at_desk.done(f"/benefits/batches/{batch}/amounts", amount="318.5"))


def test_the_persons_page_says_what_is_missing(people: Claimants, at_desk: Visitor) -> None:
    worker, short = people.worker(), people.worker(ended="2021-08-30")
    assert "可以享受500元，2021年8月31日起符合，还没有申领" in words(at_desk.get(f"/workers/{worker}"))
    assert "还不能享受自2021年6月1日起连续务工" in words(at_desk.get(f"/workers/{short}"))
    people.claimed(worker)
    assert "村级核查看这一批" in words(at_desk.get(f"/workers/{worker}"))


def test_an_employer_claims_a_share_of_its_costs(people: Claimants, at_desk: Visitor) -> None:
    factory = people.employer(kind="community_factory", opened_on=date(2021, 1, 15))
    worker = made(people.west.post("/v1/workers", json=people.bodies.worker()))["id"]
    at: dict[str, Any] = {"kind": SpellKind.COMMUNITY_FACTORY, "contract_months": 12, "employer_id": factory}
    people.spell(worker, started="2021-03-01", ended=None, region="610728", **at)
    assert "另有1个没有" in words(at_desk.get("/benefits/employers"))
    page = words(at_desk.get("/benefits/employers?least=0"))
    assert "1人，1000元" in page and "在岗1人中脱贫劳动力0人，不到3分之1，还差1人" in page
    done = at_desk.done(
        "/benefits/employers", benefit="shaanxi_2017_factory_jobs", year=2021, employer=factory
    )
    assert "镇巴测试社区工厂1人" in words(done)
    assert "正在申领" in words(at_desk.get("/benefits/employers?least=0"))
    assert "还没有满3个月的" in words(at_desk.get("/benefits/employers?least=0"))
    assert "没有这样的人" in words(at_desk.get(f"/benefits/employers/{factory}?who=at_work"))


def test_who_may_not_is_told_so(people: Claimants, visitor: Callable[[str], Visitor]) -> None:
    batch = people.claimed(people.worker())
    auditor = visitor("auditor")
    assert "为选中的人开始申领" not in auditor.get(f"/benefits/{STAY}")
    assert auditor.post(f"/benefits/{STAY}", year=2021, worker=1).status_code == 403
    assert auditor.post(f"/benefits/batches/{batch['id']}/notice").status_code == 403
    visitor("tongzhou").get("/benefits", 403)
    visitor("yangxian").get(f"/benefits/batches/{batch['id']}", 404)
