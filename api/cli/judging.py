"""`./wengang judge-plan`: a plan for a simulated market, judged by what is true there."""

import csv
import io
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.cli.files import content_of, why
from api.cli.simulating import TRUTH, truth_of
from api.cli.speaking import Refused, Telling, answer
from ledger.cells import unharmed
from matching.simulator.files import files
from matching.simulator.judging import Verdict, Worth, judge, value_of_plan
from matching.simulator.market import Made, Sizes, make
from matching.simulator.truth import Truth

LARGEST_COMPARED = 5_000_000
"""Pairs of a market up to which the best plan and the others are made; of a larger one the plan alone is judged."""
_LARGEST_PLAN = 512 * 1024 * 1024
_LARGEST_TRUTH = 1024 * 1024
_FAULTS = {
    "unknown_worker": "不是待安排的人",
    "unknown_vacancy": "不是在招的岗位",
    "twice": "同一个人重复安排",
    "ineligible": "不符合硬性条件",
    "no_seat": "超过招聘人数",
    "companion": "结伴的人不在同一个县",
}


def run(folder: Path, plan: Path, *, truth: Path | None, draws: int, seed: int, as_json: bool) -> None:
    """Judge a plan and print what it is worth beside the best one, first come first served and chance.

    Raises
    ------
    Refused
        when the truth or the plan cannot be read, or the folder is not the market that the truth is of.
    """
    rows = _plan(plan)
    with Telling(quiet=as_json) as tell:
        tell(0, 0, "重现模拟市场")
        made = _made(folder, (truth or truth_of(folder)) / TRUTH)
        known = Truth(made)
        pairs = len(known) * len(known.posts)
        tell(0, 0, "评判方案")
        if pairs > LARGEST_COMPARED:
            result = _alone(made, value_of_plan(known, rows))
        else:
            result = _beside(made, judge(known, rows, draws=draws, seed=seed), draws)
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(_told(result)) + "\n")


def _plan(path: Path) -> list[tuple[str, str]]:
    try:
        text = content_of(path, _LARGEST_PLAN).decode("utf-8-sig")
        read = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not {"worker_id", "vacancy_id"} <= set(read.fieldnames or ()):
            raise Refused(f"{path.name} 第1行没有 worker_id 和 vacancy_id 列，请在第1行写列名。")
        rows = [(unharmed(row["worker_id"] or ""), unharmed(row["vacancy_id"] or "")) for row in read]
    except UnicodeDecodeError:
        raise Refused(f"{path.name} 的文字编码不是UTF-8，请另存为UTF-8。") from None
    except csv.Error:
        raise Refused(f"{path.name} 不是能读取的CSV文件，请检查引号和逗号。") from None
    return [row for row in rows if any(row)]


def _made(folder: Path, file: Path) -> Made:
    content = content_of(file, _LARGEST_TRUTH)
    try:
        told = json.loads(content)
        recipe, digests = dict(told["recipe"]), dict(told["sha256"])
        world, seed = recipe.pop("world"), recipe.pop("seed")
        made = make(world, seed, Sizes(**recipe | {"as_of": date.fromisoformat(recipe["as_of"])}))
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{file} 不是模拟市场的答案文件，请用 ./wengang simulate 重新生成。") from None
    for name, blocks in files(made).items():
        if _digest(blocks) != digests.get(name):
            raise Refused(
                "用同样的设置没有重现出同样的市场（程序或计算库的版本不同），请用 ./wengang simulate 重新生成。"
            )
        try:
            with (folder / name).open("rb") as stream:
                same = _digest(iter(lambda: stream.read(1024 * 1024), b"")) == digests[name]
        except OSError as error:
            raise Refused(f"不能读取 {folder / name}（{why(error)}），请检查文件夹。") from None
        if not same:
            raise Refused(f"{folder / name} 在生成以后改动过，不能评判，请用 ./wengang simulate 重新生成。")
    return made


def _digest(blocks: Iterable[bytes]) -> str:
    digest = sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _alone(made: Made, plan: Worth) -> dict[str, Any]:
    others = ("oracle", "bound", "first_come", "random", "share_of_oracle", "share_of_gain")
    return {"simulated": True, **_market(made), "plan": asdict(plan), **dict.fromkeys(others)}


def _beside(made: Made, verdict: Verdict, draws: int) -> dict[str, Any]:
    mean, low, high = verdict.chance
    return {
        "simulated": True,
        **_market(made),
        "plan": asdict(verdict.plan),
        "oracle": asdict(verdict.oracle),
        "bound": verdict.bound,
        "first_come": asdict(verdict.first_come),
        "random": {"stable": mean, "low": low, "high": high, "draws": draws},
        "share_of_oracle": verdict.share_of_oracle,
        "share_of_gain": verdict.share_of_gain,
    }


def _market(made: Made) -> dict[str, Any]:
    return {"world": made.world.name, "title": made.world.title, "seed": made.seed}


def _told(result: dict[str, Any]) -> list[str]:
    lines = [
        f"模拟市场“{result['title']}”（{result['world']}，种子{result['seed']}）。以下是按模拟规律算出的预期，不是真实结果。",
        _line("本方案", result["plan"]),
    ]
    if result["oracle"] is None:
        lines.append("  市场太大，只评判方案本身，没有与其他办法比较")
    else:
        chance = result["random"]
        lines += [
            _line("知道全部规律的最优方案", result["oracle"]),
            _line("先到先得", result["first_come"]),
            f"  随机安排：预期稳定就业{chance['stable']:.1f}人（抽{chance['draws']}次，95%在{chance['low']:.1f}至{chance['high']:.1f}之间）",
            f"  达到最优方案的{result['share_of_oracle']:.1%}",
        ]
        if result["share_of_gain"] is not None:
            lines.append(f"  最优方案比先到先得多出的部分，做到了{result['share_of_gain']:.1%}")
    lines += [f"  没有计入{many}行：{_FAULTS[fault]}" for fault, many in result["plan"]["faults"].items()]
    return lines


def _line(name: str, worth: dict[str, Any]) -> str:
    return (
        f"  {name}：安排{worth['placed']}人，预期稳定就业（满180天）{worth['stable']:.1f}人"
        f"（实施一次，95%在{worth['low']:.0f}至{worth['high']:.0f}之间），满90天{worth['stable_90']:.1f}人"
    )
