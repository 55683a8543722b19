"""What every verb that touches the data begins with: the settings read, the database ready."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, OperationalError

from api.cli.speaking import Refused
from api.embedded import DatabaseNotStarted
from api.runtime import prepared
from api.seeding.copying import Progress
from api.settings import Settings
from api.wording import validation_words


def read_settings() -> Settings:
    """The settings of the environment.

    Raises
    ------
    Refused
        when one of them is wrong, naming it.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise Refused("\n".join(_wrong(found) for found in error.errors())) from None


def _wrong(found: object) -> str:
    assert isinstance(found, dict)  # noqa: S101 - pydantic's own kind of error
    if "error" in found.get("ctx", {}):
        return f"设置有误：{found['ctx']['error']}。"
    name = "_".join(str(step) for step in found["loc"]).upper()
    return f"设置 WENGANG_{name} 有误：{validation_words(found)}。"


@contextmanager
def opened(tell: Progress, settings: Settings | None = None) -> Iterator[Settings]:
    """Settings with a database that runs, is migrated and filled.

    Raises
    ------
    Refused
        when it cannot be had.
    """
    settings = settings or read_settings()
    with ExitStack() as stack:
        try:
            ready = stack.enter_context(prepared(settings, tell))
        except DatabaseNotStarted as error:
            raise Refused(str(error)) from None
        except (ArgumentError, OperationalError):
            raise Refused(
                "连接不上数据库，请检查 WENGANG_DATABASE_URL 和 WENGANG_OWNER_DATABASE_URL，并确认数据库已启动。"
            ) from None
        except OSError as error:
            raise Refused(
                f"不能使用数据文件夹 {settings.data_folder}（{error.strerror}），"
                "请检查权限和剩余空间，或用 WENGANG_DATA_FOLDER 另设一个。"
            ) from None
        yield ready
