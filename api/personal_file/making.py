"""The file itself: a page to read and the same as JSON, in one archive."""

import json
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel import Session

from api.audit import record
from api.personal_file.gathering import Part, parts
from api.presenting import Presenter
from api.schemas.consent import CopyReason
from models.sealing import Keyring
from models.worker import Worker

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "pages" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def personal_file(
    session: Session, keyring: Keyring, present: Presenter, worker: Worker, reason: CopyReason, today: date
) -> Response:
    """All that is held of a person; that it was made, and for whom, is recorded, and stands in it."""
    record(
        session, "copy", "worker", worker.identity, region=worker.region, change={"reason": reason.label},
        worker_id=worker.identity,
    )  # fmt: skip
    told = parts(session, keyring, worker, present)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("个人信息副本.html", _page(worker, told, present, today))
        archive.writestr("个人信息副本.json", _json(told))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote('个人信息副本')}.zip",
        "Cache-Control": "no-store",
    }
    return Response(out.getvalue(), media_type="application/zip", headers=headers)


def _page(worker: Worker, told: list[Part], present: Presenter, today: date) -> str:
    bureau = present.known_place(worker.region[:6]).name
    return _PAGES.get_template("personal_file.html").render(
        name=worker.name, bureau=bureau, made=f"{today.year}年{today.month}月{today.day}日", parts=told
    )


def _json(told: list[Part]) -> str:
    plain = {part.title: [dict(row) for row in part.rows] for part in told}
    return json.dumps(plain, ensure_ascii=False, indent=1)
