"""Edits say which version they read: ETag and If-Match, so that nobody overwrites what another has just changed."""

from typing import Annotated

from fastapi import Depends, Header
from sqlmodel import Session

from api.errors import Problem
from models.base import Versioned


def get_if_match(
    if_match: Annotated[str | None, Header(alias="If-Match", description="读取时得到的 ETag")] = None,
) -> int:
    """The version that the caller read.

    Raises
    ------
    Problem
        428 without the header, or with `*`, which holds of every version; 412 when it names no version.
    """
    if if_match is None:
        raise Problem(
            428, "version-required", "缺少 If-Match", "请先读取记录，把返回的 ETag 放在 If-Match 中再修改。"
        )
    if if_match.strip() == "*":
        raise Problem(
            428,
            "version-required",
            "If-Match 不能写 *",
            "修改要写明读取的是哪一版：请把读取时返回的 ETag 放在 If-Match 中，免得覆盖别人刚改的内容。",
        )
    version = if_match.removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise stale()
    return int(version)


IfMatchDep = Annotated[int, Depends(get_if_match)]


def stale() -> Problem:
    """412: somebody else was faster."""
    return Problem(
        412, "stale", "记录已被他人修改", "您打开后这条记录又有改动。您填的内容没有保存，请刷新后再改。"
    )


def etag(row: Versioned) -> dict[str, str]:
    """The header that names the row's version."""
    return {"ETag": f'"{row.version}"'}


def hold(session: Session, row: Versioned, version: int) -> None:
    """Lock `row` until the end of the transaction, if it is still at `version`."""
    session.refresh(row, with_for_update=True)
    if row.version != version:
        raise stale()
