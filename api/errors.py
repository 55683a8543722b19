"""Every error as an RFC 9457 problem: Chinese words, a stable type, and never the input itself."""

import re
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.asked import current
from api.database import SchemaDiffers
from api.wording import HTTP_WORDS, constraint_words, field_words, validation_words
from models.sealing import UnknownKey

log = structlog.get_logger()


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class ProblemBody(BaseModel):
    """The body of an error answer, `application/problem+json`."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = Field(default=None, description="编号，与响应头 X-Request-Id 和日志相同")
    errors: list[FieldError] = []


class Problem(Exception):
    """A refusal with its status, its stable name, and words that say what to do next."""

    def __init__(
        self,
        status: int,
        name: str,
        title: str,
        detail: str = "",
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.body = ProblemBody(
            type=f"/problems/{name}", title=title, status=status, detail=detail or title, errors=errors or []
        )
        self.headers = headers or {}

    def answer(self) -> JSONResponse:
        """The problem as a response, with the number under which the request was logged."""
        asked = current()
        return JSONResponse(
            self.body.model_copy(update={"request_id": asked.number if asked else None}).model_dump(),
            self.body.status,
            {**self.headers, "Cache-Control": "no-store"},
            media_type="application/problem+json",
        )


class TooLarge(HTTPException):
    """413: the body is larger than `limit` bytes. FastAPI lets this class of error pass while it reads a body."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"一次最多提交{max(1, limit // (1024 * 1024))}MB，请分成几份。")


class TooSlow(HTTPException):
    """408: the body does not come, or too slowly."""

    def __init__(self) -> None:
        super().__init__(408, headers={"Connection": "close"})


def not_found(noun: str) -> Problem:
    """404: not there, or not the caller's; the two look the same."""
    return Problem(404, "not-found", f"没有找到{noun}", f"{noun}不存在，或不在您的管辖范围内。")


def conflict(name: str, title: str, detail: str = "") -> Problem:
    """409: what is asked goes against how things stand."""
    return Problem(409, name, title, detail)


def invalid(field: str, code: str, message: str) -> Problem:
    """422 for one field."""
    return Problem(
        422,
        "invalid",
        "填写的内容有误",
        message,
        errors=[FieldError(field=field, code=code, message=message)],
    )


def of_database(error: DBAPIError | StatementError) -> Problem:
    """What a refusal by the database means to the person who caused it."""
    cause = error.orig
    if isinstance(error, IntegrityError) and isinstance(cause, psycopg.Error):
        constraint, table = cause.diag.constraint_name or "", cause.diag.table_name or ""
        words = constraint_words(constraint)
        if words is not None:
            field = words.field or _referring(constraint, table, words.noun)
            told = [FieldError(field=field, code=words.name, message=words.detail)] if field else []
            return Problem(words.status, words.name, words.title, words.detail, errors=told)
        if isinstance(cause, psycopg.errors.NotNullViolation):
            return invalid(cause.diag.column_name or "body", "missing", "不能为空")
        return conflict(
            "against-the-record", "与已有记录冲突", "这条内容与已有记录冲突，没有保存。请刷新后核对再试。"
        )
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return Problem(403, "outside-scope", "不在您的管辖范围内", "只能登记和修改本辖区的记录。")
    if isinstance(error, DataError) or isinstance(cause, (psycopg.DataError, UnicodeError, OverflowError)):
        return Problem(
            422, "unstorable", "填写的内容有误", "内容中有无法保存的字符或超出范围的数字，请检查后重试。"
        )
    if isinstance(cause, psycopg.errors.ObjectNotInPrerequisiteState):
        return _another_schema()
    if isinstance(cause, psycopg.errors.DiskFull):
        return Problem(
            503,
            "disk-full",
            "磁盘已满",
            "没有保存任何内容。请通知管理员清理磁盘空间；腾出空间后再办，已填的内容可以原样再交。",
        )
    if isinstance(error, OperationalError):
        return Problem(
            503,
            "database-away",
            "数据库暂时不可用",
            "没有保存任何内容，请稍后再试。",
            headers={"Retry-After": "5"},
        )
    raise error


def unknown_key(error: UnknownKey) -> Problem:
    """503: something is sealed under a key that this process has not."""
    return Problem(
        503,
        "unknown-key",
        "缺少密钥",
        f"数据是用密钥“{error.key_id}”加密的，而服务没有这把密钥。没有保存任何内容。"
        "请管理员运行 ./wengang keys list 核对，把它补进 WENGANG_SECRET_KEY 或 secret.key，再重新启动服务。",
    )


def _another_schema() -> Problem:
    return Problem(
        503,
        "schema-differs",
        "系统正在升级",
        "数据库已换成另一版，没有保存任何内容。请稍后再试。",
        headers={"Retry-After": "30"},
    )


def install(app: FastAPI) -> None:
    """Let `app` answer every error as a problem."""

    @app.exception_handler(SchemaDiffers)
    def of_schema(_: Request, __: SchemaDiffers) -> JSONResponse:
        return _another_schema().answer()

    @app.exception_handler(Problem)
    def of_problem(_: Request, error: Problem) -> JSONResponse:
        return error.answer()

    @app.exception_handler(RequestValidationError)
    def of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        body = getattr(request.scope.get("route"), "body_field", None)
        of = getattr(body.field_info.annotation, "__name__", "") if body is not None else ""
        errors = [_field_error(found) for found in error.errors()]
        detail = "；".join(f"{field_words(found.field, of)}：{found.message}" for found in errors[:5])
        return Problem(422, "invalid", "填写的内容有误", detail, errors=errors).answer()

    @app.exception_handler(DBAPIError)
    def of_dbapi(_: Request, error: DBAPIError) -> JSONResponse:
        return of_database(error).answer()

    @app.exception_handler(StatementError)
    def of_statement(_: Request, error: StatementError) -> JSONResponse:
        return of_database(error).answer()

    @app.exception_handler(UnknownKey)
    def of_key(request: Request, error: UnknownKey) -> JSONResponse:
        log.error("unknown_key", request_id=request.state.request_id, key=error.key_id)
        return unknown_key(error).answer()

    @app.exception_handler(PoolTimeout)
    def of_pool(_: Request, __: PoolTimeout) -> JSONResponse:
        return Problem(
            503, "busy", "系统繁忙", "现在办理的人较多，请稍后再试。", headers={"Retry-After": "3"}
        ).answer()

    @app.exception_handler(HTTPException)
    def of_http(_: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400:
            # A body that is no UTF-8, no JSON or no form at all: malformed like one whose fields are.
            title, detail = HTTP_WORDS[400]
            told = [FieldError(field="body", code="unreadable", message=detail)]
            return Problem(422, "invalid", title, detail, errors=told).answer()
        # Starlette's own words are English and may repeat what was sent; only ours are told.
        title, detail = HTTP_WORDS.get(error.status_code, ("请求未能完成", "请检查后重试。"))
        name = "too-large" if isinstance(error, TooLarge) else f"http-{error.status_code}"
        detail = error.detail if isinstance(error, TooLarge) else detail
        return Problem(error.status_code, name, title, detail, headers=dict(error.headers or {})).answer()

    @app.exception_handler(Exception)
    def of_anything(request: Request, error: Exception) -> JSONResponse:
        # The message may hold a person's data: only the kind of error and the route are written down.
        log.error(
            "unhandled",
            error=type(error).__name__,
            route=getattr(request.scope.get("route"), "path", "?"),
        )
        return Problem(
            500, "internal", "系统出错了", "没有保存任何内容。请稍后再试，仍不行请联系管理员。"
        ).answer()


_OUR_NAMES = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}|\[key\]")
_PARTS = ("body", "query", "path", "header")


def _field_error(found: dict[str, Any]) -> FieldError:
    # A name in the place may have been sent: a key of a dictionary, or a field that nobody knows.
    steps = [] if found["type"] == "json_invalid" else list(found["loc"])
    if steps and steps[0] in _PARTS:
        steps = steps[1:]
    place = [str(step) if isinstance(step, int) or _OUR_NAMES.fullmatch(step) else "?" for step in steps]
    message = validation_words(found)
    # A program sends codes; the labels alone would not tell it which.
    if codes := getattr((found.get("ctx") or {}).get("error"), "codes", None):
        message = f"{message}（代码：{'、'.join(codes)}）"
    return FieldError(field=".".join(place) or "body", code=found["type"], message=message)


def _referring(constraint: str, table: str, noun: str | None) -> str | None:
    """The column of a foreign key, from the constraint's name: `fk_worker_region_region` is `region`."""
    if noun is None or not table:
        return None
    return constraint.removeprefix(f"fk_{table}_").removesuffix(f"_{noun}")


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemBody, "description": words, "content": {"application/problem+json": {}}}
    for status, words in {
        401: "没有登录或登录已过期",
        403: "没有这项权限",
        404: "不存在或不在管辖范围内",
        408: "提交得太慢",
        409: "与现状冲突",
        410: "已失效",
        412: "记录已被他人修改",
        413: "内容过大",
        422: "填写的内容有误",
        428: "缺少 If-Match",
        429: "尝试过多，请稍后再试",
        503: "暂时不可用",
    }.items()
}
"""Every error that a route may answer, for the OpenAPI document."""
