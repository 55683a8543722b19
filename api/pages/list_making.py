"""The job that writes a long list into a file: its page gone through from the first part to the last, sealed as it comes."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from sqlmodel import Session

from api.exporting.making import KEPT, still_may
from api.exporting.sealed import SealedFile
from api.handing import note_handed
from api.jobs.running import JobFailed, Running
from api.pages import ROUTERS
from api.pages.list_files import ADDRESS, noted, stored_people, written
from api.pages.list_reading import Part
from api.pages.list_walking import Around, walk
from api.places import Places
from models.base import now
from models.export import Export, Format
from models.handed import HandedKind
from models.sealing import open_person_key, unseal

_WRITING = "写入文件"


def make_list_file(job: Running) -> dict[str, Any]:
    """The job. A file that is whole is not made again; one that was begun is begun anew."""
    with job.transaction() as (session, caller):
        export = session.get_one(Export, int(job.argument["export_id"]))
        result = {"link": f"/registers?export={export.id}", "export_id": export.identity}
        if export.rows is not None:
            return result | {"rows": export.rows}
        still_may(caller, export)
        address = _address(job, export)
        routes = [route for router in ROUTERS for route in router.routes]
        around = Around(job.settings, job.keyring, Places(), job.sessions)
        found = walk(routes, session, caller, around, address)
        people: set[int] = set()
        parts = _told(noted(session, found, found.parts(), people), job)
        file, marked = SealedFile(session, job.keyring, export), export.expires_at
        chosen = Format.read(export.options["format"])
        content = BytesIO()
        rows = written(content, found, parts, chosen, marked=job.settings.demonstration)
        file.write(content.getvalue())
        file.close()
        if found.page.of_people:
            note_handed(
                session, export.account_id, HandedKind.REGISTER, export.region, people,
                masked=True, reason=export.reason, export_id=export.identity,
            )  # fmt: skip
        _settle(session, export, rows, file.size, people, marked)
        return result | {"rows": rows, "size": file.size}


def _address(job: Running, export: Export) -> str:
    key = open_person_key(job.keyring, export.master_key_id, export.sealed_key)
    return unseal(key, b64decode(export.options["address"]), ADDRESS).decode()


def _told(parts: Iterator[Part], job: Running) -> Iterator[Part]:
    done = 0
    for part in parts:
        done += len(part.rows)
        job.progress(done, max(part.total, done), _WRITING)
        yield part


def _settle(session: Session, export: Export, rows: int, size: int, people: set[int], marked: Any) -> None:
    session.refresh(export, with_for_update=True)
    # Looked at after they were written down: whoever is put away from here on finds the file by its people.
    if export.expires_at != marked or people & stored_people(session):
        raise JobFailed("导出期间有人的信息改为只能存储，这份文件可能含有他们，没有生成。请重新导出。")
    export.rows, export.size = rows, size
    export.expires_at = now() + KEPT
    export.options = {"format": export.options["format"], "list": export.options["list"]}
    session.add(export)
