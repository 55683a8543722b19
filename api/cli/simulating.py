"""`./wengang simulate`: a made-up market as an exchange folder, and beside it what is true of it."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.cli.files import why
from api.cli.speaking import Refused, Telling, answer
from matching.simulator.files import files
from matching.simulator.market import Made, Sizes, make
from matching.simulator.worlds import WORLDS

TRUTH = "truth.json"
EARLIEST_YEAR = 2000


def truth_of(folder: Path) -> Path:
    """Where the truth lies unless somebody says otherwise: beside the folder, never in it."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.truth")


def run(world: str, sizes: Sizes, *, seed: int, out: Path, truth: Path | None, as_json: bool) -> None:
    """Make the market, write its six files and its truth, and print what it is.

    Raises
    ------
    Refused
        when there is no such world, a size cannot be, or the folder is in use for something else.
    """
    if world not in WORLDS:
        raise Refused(f"没有“{world}”这个模拟世界，可选：{'、'.join(WORLDS)}。")
    if sizes.as_of.year < EARLIEST_YEAR:
        raise Refused(f"--as-of 早于{EARLIEST_YEAR}年，请换一个较近的日期，例如 2026-03-01。")
    beside = truth or truth_of(out)
    if beside.resolve().is_relative_to(out.resolve()):
        raise Refused("--truth 不能在交换文件夹里，否则读文件夹的程序会看到答案，请换一个位置。")
    with Telling(quiet=as_json) as tell:
        tell(0, 0, "模拟市场")
        try:
            made = make(world, seed, sizes)
        except ValueError:
            raise Refused(
                "规模不合适：人数、岗位数和过去的记录至少各为1，招聘人数不能少于岗位数；过去的记录很多时请增加岗位数。"
            ) from None
        try:
            _ready(out, set(files(made)), beside / TRUTH)
            digests = {}
            for name, blocks in files(made).items():
                tell(0, 0, f"写入 {name}")
                digests[name] = _write(out / name, blocks)
            beside.mkdir(parents=True, exist_ok=True)
            (beside / TRUTH).write_text(_told_truth(made, digests), encoding="utf-8")
        except OSError as error:
            raise Refused(f"不能写入 {error.filename or out}（{why(error)}），请换一个位置。") from None
    result = _summary(made, out, beside)
    if as_json:
        answer(result)
    else:
        sys.stdout.write("\n".join(_told(result)) + "\n")


def _ready(out: Path, names: set[str], truth: Path) -> None:
    """An empty folder, or one that holds just what was simulated before: never somebody's own files."""
    out.mkdir(parents=True, exist_ok=True)
    there = sorted(path.name for path in out.iterdir())
    ours = _simulated(truth) if names & set(there) else {}
    for name in there:
        if name not in names:
            raise Refused(f"文件夹 {out} 里已有别的文件（{name}），请换一个空文件夹。")
        if sha256((out / name).read_bytes()).hexdigest() != ours.get(name):
            raise Refused(f"文件夹 {out} 里的 {name} 不是模拟出来的，不能覆盖，请换一个空文件夹。")


def _simulated(truth: Path) -> dict[str, str]:
    """The digests of the files that were simulated with this truth; none where there is no such truth."""
    try:
        found = json.loads(truth.read_bytes())["sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, blocks: Iterable[bytes]) -> str:
    digest = sha256()
    with path.open("wb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _told_truth(made: Made, digests: dict[str, str]) -> str:
    told = {"simulated": True, "recipe": made.recipe, "world": asdict(made.world), "sha256": digests}
    return json.dumps(told, ensure_ascii=False, indent=1, default=date.isoformat) + "\n"


def _summary(made: Made, out: Path, beside: Path) -> dict[str, Any]:
    return {
        "simulated": True,
        "world": made.world.name,
        "title": made.world.title,
        "seed": made.seed,
        "as_of": made.sizes.as_of,
        "workers": len(made.people),
        "open_workers": len(made.open),
        "employers": len(made.firms),
        "vacancies": len(made.posts) - made.first_open,
        "seats": int(made.posts.seats[made.first_open :].sum()),
        "past_vacancies": made.first_open,
        "applications": len(made.past.applications),
        "spells": len(made.past.spells),
        "out": str(out),
        "truth": str(beside / TRUTH),
    }


def _told(result: dict[str, Any]) -> list[str]:
    return [
        f"模拟市场“{result['title']}”（{result['world']}，种子{result['seed']}，截至{result['as_of']}）：全部是编造的，不是真人。",
        f"  待安排{result['open_workers']}人，在招岗位{result['vacancies']}个、{result['seats']}人，用人单位{result['employers']}家",
        f"  过去三年：岗位{result['past_vacancies']}个，报名{result['applications']}次，务工记录{result['spells']}条",
        f"  交换文件夹：{result['out']}",
        f"  真实规律（不要交给要考核的程序）：{result['truth']}",
    ]
