"""The verbs over an exchange folder: rank, plan, backtest, and the made-up markets to try them on."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.chinese import Verb
from api.cli.speaking import Refused, refuse

folder_app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序读取")]
Folder = Annotated[
    Path,
    typer.Argument(
        metavar="文件夹", help="交换文件夹，其中有 workers.csv 和 vacancies.csv，可以有 spells.csv 等"
    ),
]
AsOf = Annotated[
    datetime,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="日期", help="截至哪一天，如 2025-09-30"),
]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, metavar="数", help="随机数种子")]


class Objective(StrEnum):
    """What a plan is to have the most of."""

    SURPLUS = "surplus"
    STABLE = "stable"


@folder_app.command("rank", cls=Verb)
def rank_folder(
    folder: Folder,
    as_of: AsOf,
    worker: Annotated[
        str | None, typer.Option(metavar="编号", help="给这个人（worker_id）排岗位，与 --vacancy 二选一")
    ] = None,
    vacancy: Annotated[
        str | None, typer.Option(metavar="编号", help="给这个岗位（vacancy_id）排人，与 --worker 二选一")
    ] = None,
    top: Annotated[int, typer.Option(min=1, metavar="个数", help="列出前几个")] = 10,
    seed: Seed = 0,
    prices: Annotated[
        Path | None,
        typer.Option(
            metavar="文件", help="方案的名额价格（plan 写出的，如 plan.prices.csv）：给人排岗位时扣除"
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件", help="列表写入该 CSV 文件")] = None,
    as_json: Json = False,
) -> None:
    """排序推荐：给一个人排岗位，或给一个岗位排人，说明理由，不需要启动服务。"""
    if (worker is None) == (vacancy is None):
        refuse("请写 --worker 编号 或 --vacancy 编号，二选一。", code=2)
    if prices is not None and worker is None:
        refuse("--prices 只用于给人排岗位，请与 --worker 一起写。", code=2)
    try:
        from api.cli.ranking import run

        run(
            folder,
            as_of=as_of.date(),
            worker=worker,
            vacancy=vacancy,
            top=top,
            seed=seed,
            prices=prices,
            out=out,
            as_json=as_json,
        )
    except Refused as refused:
        refuse(str(refused))


@folder_app.command("plan", cls=Verb)
def plan_folder(
    folder: Folder,
    as_of: AsOf,
    out: Annotated[Path, typer.Option(metavar="文件", help="方案逐人写入该 CSV 文件")],
    objective: Annotated[
        Objective, typer.Option(help="surplus：录用、留下和收益一起看；stable：只看录用并干满半年")
    ] = Objective.SURPLUS,
    quota: Annotated[
        list[str] | None,
        typer.Option(
            metavar="组=数",
            help="至少多少人（monitored=20）或占安排的人的多大比例（monitored=20%），可写多个",
        ),
    ] = None,
    bus: Annotated[
        list[str] | None,
        typer.Option(
            metavar="地区代码=人数",
            help="到这个地方的包车，至少坐这么多人才开，凑不够就不安排人去（320612=30），可写多个",
        ),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(
            metavar="文件",
            help="每个岗位的名额价格写入该 CSV 文件；默认写在方案旁边，plan.csv 的是 plan.prices.csv",
        ),
    ] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """编制安排方案：在名额、条件、同行和比例要求内，让稳定就业最多，不需要启动服务。"""
    from api.cli.planning import buses_of, quota_of, run

    try:
        quotas = [quota_of(each) for each in quota or ()]
        buses = buses_of(bus or ())
    except Refused as wrong:
        refuse(str(wrong), code=2)
    try:
        run(
            folder,
            as_of=as_of.date(),
            objective=objective.value,
            quotas=quotas,
            buses=buses,
            seed=seed,
            out=out,
            prices=prices,
            as_json=as_json,
        )
    except Refused as refused:
        refuse(str(refused))


@folder_app.command("backtest", cls=Verb)
def backtest_folder(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="交换文件夹，其中有以往的 applications.csv 和 spells.csv")
    ],
    start: Annotated[
        datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="日期", help="从哪一天起（含当天）的月份"),
    ],
    to: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], metavar="日期", help="到哪一天以前开始的月份")
    ],
    objective: Annotated[
        Objective, typer.Option(help="surplus：录用、留下和收益一起看；stable：只看录用并干满半年")
    ] = Objective.SURPLUS,
    seed: Seed = 0,
    out: Annotated[Path | None, typer.Option(metavar="文件", help="每月每项指标写入该 CSV 文件")] = None,
    as_json: Json = False,
) -> None:
    """回测：每个月只用之前知道的记录去预测，再与后来的结果比较，看学习模型能不能启用。"""
    if start >= to:
        refuse("--from 应早于 --to，例如 --from 2025-01-01 --to 2025-07-01。", code=2)
    try:
        from api.cli.backtesting import run

        run(
            folder,
            start=start.date(),
            to=to.date(),
            objective=objective.value,
            seed=seed,
            out=out,
            as_json=as_json,
        )
    except Refused as refused:
        refuse(str(refused))


@folder_app.command("simulate", cls=Verb)
def simulate(
    world: Annotated[
        str,
        typer.Option(metavar="名称", help="模拟世界，如 mixed、distance、employers；见 docs/simulator.md"),
    ],
    out: Annotated[Path, typer.Option(metavar="文件夹", help="交换文件夹写在这里")],
    truth: Annotated[
        Path | None,
        typer.Option(metavar="文件夹", help="真实规律写在这里；默认为交换文件夹旁边的“文件夹名.truth”"),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="数", help="随机种子，相同则结果相同")] = 0,
    workers: Annotated[int, typer.Option(min=1, metavar="数", help="待安排的人数")] = 3_000,
    vacancies: Annotated[int, typer.Option(min=1, metavar="数", help="在招的岗位数")] = 90,
    seats: Annotated[
        int | None, typer.Option(min=1, metavar="数", help="在招岗位的总人数；默认为岗位数的10倍")
    ] = None,
    past: Annotated[
        int | None, typer.Option(min=1, metavar="数", help="过去的务工记录数；默认20000，sparse 为300")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], metavar="日期", help="市场的时点，不早于2000年；默认为2026-03-01"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """造一个模拟市场：真实规律已知的交换文件夹，用来考核匹配和预测。"""
    try:
        from api.cli.simulating import run
        from matching.simulator.market import AS_OF, Sizes

        day = as_of.date() if as_of else AS_OF
        sizes = Sizes(workers, vacancies, seats, past, day)
        run(world, sizes, seed=seed, out=out, truth=truth, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))


@folder_app.command("judge-plan", cls=Verb)
def judge_plan(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="./wengang simulate 生成的交换文件夹")],
    plan: Annotated[Path, typer.Argument(metavar="方案", help="plan.csv，其中有 worker_id 和 vacancy_id")],
    truth: Annotated[
        Path | None,
        typer.Option(metavar="文件夹", help="真实规律在哪里；默认为交换文件夹旁边的“文件夹名.truth”"),
    ] = None,
    draws: Annotated[int, typer.Option(min=2, max=10_000, metavar="数", help="随机安排抽多少次")] = 50,
    seed: Annotated[int, typer.Option(min=0, metavar="数", help="随机安排的种子")] = 0,
    as_json: Json = False,
) -> None:
    """评判模拟市场的安排方案：预期稳定就业人数，与最优、先到先得、随机安排比较。"""
    try:
        from api.cli.judging import run

        run(folder, plan, truth=truth, draws=draws, seed=seed, as_json=as_json)
    except Refused as refused:
        refuse(str(refused))
