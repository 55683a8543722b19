"""Creating commands that may be sent twice: the same key and body get the first answer again."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from starlette.datastructures import FormData, UploadFile

from api.deps import CallerDep, KeyringDep, SessionDep
from api.errors import Problem
from models.record import IdempotencyKey
from models.sealing import Keyring, Unsealable, open_person_key, seal, unseal
from models.worker import PersonKey

Answer = TypeVar("Answer", bound=BaseModel)
KeyHeader = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, description="同一命令重发时用同一个值"),
]
_CONTEXT = "idempotency_key.answer"
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Replayed(Exception):
    """The command was carried out before; this is the answer it got."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__("replayed")
        self.status = status
        self.body = body

    def answer(self) -> Response:
        """The first answer again, marked as such, with the ETag of the version that it shows."""
        headers = {"Idempotent-Replayed": "true", **_etag(json.loads(self.body).get("version"))}
        return Response(self.body, self.status, headers, media_type="application/json")


class Once:
    """One creating command. Its route must hand its answer to `keep`; without a key that keeps nothing.

    `again`: the command of a file was carried out before, and the file is to be made anew without doing it twice.
    """

    def __init__(
        self,
        session: Session,
        keyring: Keyring,
        row_id: int | None,
        response: Response | None = None,
        *,
        again: bool = False,
    ) -> None:
        self.again = again
        self._response = response
        self._session = session
        self._keyring = keyring
        self._row_id = row_id
        self._kept = False

    def keep(
        self,
        answer: Answer,
        *,
        status: int = 201,
        worker_id: int | None = None,
        told_of: Iterable[int | None] = (),
    ) -> Answer:
        """Remember `answer` for a repetition, and hand it on.

        An answer that tells of one person of the caller's lies under that person's key (`worker_id`). One that tells of
        several, or of somebody whose key is another county's, lies under the service's and names them (`told_of`): it is
        deleted with any of them. All go after 30 days but those of devices (`purge_answers`).
        """
        self._kept = True
        if self._response is not None:
            self._response.headers.update(_etag(getattr(answer, "version", None)))
        if self._row_id is None:
            return answer
        row = self._session.get_one(IdempotencyKey, self._row_id)
        row.status = status
        row.worker_id = worker_id
        row.told_of = sorted({number for number in told_of if number is not None})
        if worker_id is None:
            row.master_key_id = self._keyring.current
        row.sealed_answer = seal(
            _key(self._session, self._keyring, row), answer.model_dump_json().encode(), _CONTEXT
        )
        self._session.add(row)
        self._session.flush()
        return answer

    def check(self) -> None:
        """Every creating route keeps its answer; one that forgot is found by its first test."""
        if not self._kept:
            raise RuntimeError("a creating route did not keep its answer")


async def get_request_hash(request: Request) -> bytes:
    """What makes two requests the same: method, path, query and body, files by their bytes."""
    digest = sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith(_FORMS):
        # The boundary differs from one sending to the next, the parts do not.
        form: FormData = await request.form()
        for name, part in sorted(form.multi_items(), key=lambda item: item[0]):
            # Hashed by themselves, so that the end of one part can't pass for the beginning of the next.
            content = sha256()
            if isinstance(part, UploadFile):
                while chunk := await part.read(1 << 20):
                    content.update(chunk)
                await part.seek(0)
            else:
                content.update(part.encode("utf-8", "surrogatepass"))
            digest.update(sha256(name.encode("utf-8", "surrogatepass")).digest() + content.digest())
    else:
        digest.update(await request.body())
    return digest.digest()


def get_once(
    session: SessionDep,
    caller: CallerDep,
    keyring: KeyringDep,
    response: Response,
    request_hash: Annotated[bytes, Depends(get_request_hash)],
    key: KeyHeader = None,
) -> Iterator[Once]:
    """Claim the key for this command, or answer as the first time."""
    if key is None:
        once = Once(session, keyring, None, response)
    else:
        once = claimed(session, keyring, caller.account_id, key, request_hash, response)
    yield once
    once.check()


def claimed(
    session: Session, keyring: Keyring, account_id: int, key: str, request_hash: bytes, response: Response
) -> Once:
    """The command under its key.

    Raises
    ------
    Replayed, Problem
        where it was carried out before, or the key stands for another.
    """
    number = _claim(session, account_id, key, request_hash)
    if number is None:
        raise _again(session, keyring, _before(session, account_id, key, request_hash))
    return Once(session, keyring, number, response)


OnceDep = Annotated[Once, Depends(get_once, scope="function")]


def get_once_for_file(
    session: SessionDep,
    caller: CallerDep,
    keyring: KeyringDep,
    response: Response,
    request_hash: Annotated[bytes, Depends(get_request_hash)],
    key: KeyHeader = None,
) -> Iterator[Once]:
    """Claim the key for a command that is answered by a file of people. The file is not kept: sent again, the command
    makes it anew of those who may be in it now."""
    claimed = _claim(session, caller.account_id, key, request_hash) if key is not None else None
    if key is not None and claimed is None:
        _before(session, caller.account_id, key, request_hash)
        response.headers["Idempotent-Replayed"] = "true"
    once = Once(session, keyring, claimed, response, again=key is not None and claimed is None)
    yield once
    once.check()


FileOnceDep = Annotated[Once, Depends(get_once_for_file, scope="function")]


def _claim(session: Session, account_id: int, key: str, request_hash: bytes) -> int | None:
    return session.connection().scalar(
        insert(IdempotencyKey)
        .values(account_id=account_id, key=key, request_hash=request_hash)
        .on_conflict_do_nothing(index_elements=["account_id", "key"])
        .returning(col(IdempotencyKey.id))
    )


def _before(session: Session, account_id: int, key: str, request_hash: bytes) -> IdempotencyKey:
    row = session.exec(
        select(IdempotencyKey).where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
    ).one()
    if row.request_hash != request_hash:
        raise Problem(
            422,
            "key-used",
            "幂等键已用于另一条命令",
            "同一个 Idempotency-Key 只能重发同一条命令，新命令请换一个值。",
        )
    return row


def _again(session: Session, keyring: Keyring, row: IdempotencyKey) -> Replayed | Problem:
    try:
        body = unseal(_key(session, keyring, row), row.sealed_answer or b"", _CONTEXT)
    except Unsealable:
        deleted = session.connection().scalar(text("SELECT answer_deleted(:id)"), {"id": row.identity})
        if deleted:
            return Problem(409, "answer-deleted", "命令已执行过", "这条命令已执行过，其内容已按规定删除。")
        return Problem(
            409,
            "answer-elsewhere",
            "命令已执行过",
            "这条命令已执行过。它说到的人现在不在您管辖的地区（例如已移交），回执不能再看；资料没有删除。",
        )
    return Replayed(row.status or 200, body)


def _etag(version: int | None) -> dict[str, str]:
    return {} if version is None else {"ETag": f'"{version}"'}


def _key(session: Session, keyring: Keyring, row: IdempotencyKey) -> bytes:
    if row.worker_id is None:
        if row.master_key_id is None:
            raise Unsealable("the answer was deleted with somebody of whom it told")
        return keyring.master(row.master_key_id)
    found = session.exec(
        select(PersonKey.master_key_id, PersonKey.sealed_key).where(PersonKey.worker_id == row.worker_id)
    ).first()
    if found is None:
        raise Unsealable("the person's key was destroyed")
    return open_person_key(keyring, *found)
