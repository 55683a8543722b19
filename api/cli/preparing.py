"""What every verb that touches the data begins with: the database ready."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.exc import ArgumentError, OperationalError

from api.cli.files import why
from api.cli.speaking import Refused
from api.database import SchemaDiffers
from api.postgres.programs import DatabaseNotStarted
from api.runtime import WrongSecret, prepared
from api.seeding.copying import Progress
from api.settings import Settings


@contextmanager
def opened(settings: Settings, tell: Progress) -> Iterator[Settings]:
    """Settings with a database that runs, is migrated and filled.

    Raises
    ------
    Refused
        when it cannot be had.
    """
    with ExitStack() as stack:
        try:
            ready = stack.enter_context(prepared(settings, tell))
        except (DatabaseNotStarted, SchemaDiffers, WrongSecret) as error:
            raise Refused(str(error)) from None
        except (ArgumentError, OperationalError):
            raise Refused(
                "连接不上数据库，请检查 WENGANG_DATABASE_URL 和 WENGANG_OWNER_DATABASE_URL，并确认数据库已启动。"
            ) from None
        except OSError as error:
            raise Refused(
                f"不能使用数据文件夹 {settings.data_folder}（{why(error)}），"
                "请检查权限和剩余空间，或用 WENGANG_DATA_FOLDER 另设一个。"
            ) from None
        yield ready
