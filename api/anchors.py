"""锚点: the head of the chain over the record, in a small file that can be kept elsewhere."""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.settings import SHANGHAI, Settings
from ledger.chain.checking import Anchor
from ledger.chain.reading import head

ABOUT = (
    "稳岗桥操作记录的锚点：记录链此刻的末尾。请另存到别处（其他机器、U盘或打印），以后用 ./wengang audit verify "
    "--anchor 核对，此前的记录有改动、删除或截断就能查出。"
)


class BrokenAnchor(Exception):
    """The file is no anchor; the message, in Chinese, says which."""


def anchor_folder(settings: Settings) -> Path:
    """Where the daily anchors are put."""
    return settings.anchor_folder or settings.data_folder / "anchors"


def write_anchor(
    connection: Connection, path: Path | None = None, *, folder: Path | None = None
) -> Path | None:
    """Write the head of the chain to `path`, or into `folder` under the day; None where nothing is sealed yet.

    The file is there whole or not at all, and an anchor that is there already is not written over.
    """
    content = anchor_of(connection)
    if content is None:
        return None
    if path is None:
        day = datetime.now(SHANGHAI).date()
        path = (folder or Path()) / f"anchor-{day}-{content['sequence']}.json"
        if path.exists():
            return path
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.rename(path)
    return path


def anchor_of(connection: Connection) -> dict[str, Any] | None:
    """What an anchor says: the last link, and how many there are, which is the same number."""
    found = head(connection)
    if found is None:
        return None
    sequence, hashed, sealed_at = found
    return {
        "about": ABOUT,
        "sequence": sequence,
        "count": sequence,
        "hash": hashed.hex(),
        "sealed_at": sealed_at.astimezone(UTC).isoformat(),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def read_anchors(paths: Iterable[Path]) -> list[Anchor]:
    """The anchors in these files.

    Raises
    ------
    BrokenAnchor
        when one can't be read.
    """
    found = []
    for path in paths:
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            hashed = bytes.fromhex(told["hash"])
            sequence = int(told["sequence"])
            if len(hashed) != 32 or sequence < 1 or sequence != told["count"]:
                raise ValueError
        except OSError as error:
            raise BrokenAnchor(f"读不了锚点文件 {path}（{error.strerror}）。") from None
        except (ValueError, KeyError, TypeError):
            raise BrokenAnchor(f"{path} 不是锚点文件，或已损坏。") from None
        found.append(Anchor(sequence, hashed, path.name))
    return found


def kept_anchors(settings: Settings) -> list[Anchor]:
    """Those that were written day by day.

    Raises
    ------
    BrokenAnchor
        when one of them can't be read.
    """
    return read_anchors(sorted(anchor_folder(settings).glob("anchor-*.json")))
