"""What a process needs before it can serve: a database that runs, is migrated and filled, and the service's secret."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select, text
from sqlmodel import col, func

from api.database import migrate, owner_connection
from api.demo_account import USERNAME, ensure_demo_account
from api.postgres import embedded
from api.postgres.archive import archiving
from api.postgres.programs import DatabaseNotStarted
from api.postgres.reviving import kept_up
from api.postgres.roles import ATTRIBUTES
from api.postgres.server_account import account_for
from api.secret_file import write_secrets
from api.seeding.copying import Progress
from api.seeding.demo import load_demo
from api.seeding.reference import load_reference
from api.seeding.typed import type_figures
from api.seeding.work_plans import load_work_plans
from api.settings import Environment, Settings
from models.base import now
from models.sealing import SECRET_BYTES, Keyring, KeyState, UnknownKey, Unsealable, open_person_key
from models.service_key import ServiceKey, follow
from models.worker import PersonKey

DATABASE = "wengang"


@contextmanager
def prepared(settings: Settings, progress: Progress) -> Iterator[Settings]:
    """Settings with database addresses and a secret; an embedded database is started, and left again, where none is named."""
    draw_secret(settings)
    if settings.database_url is not None:
        _fill(settings, progress)
        yield settings
        return
    progress(0, 0, "启动内置数据库")
    with own_cluster(settings) as cluster, kept_up(cluster):
        cluster.ensure_database(DATABASE)
        ready = settings.model_copy(
            update={
                "database_url": cluster.service_url(DATABASE),
                "owner_database_url": cluster.owner_url(DATABASE),
            }
        )
        _fill(ready, progress)
        yield ready


def own_cluster(settings: Settings) -> embedded.Cluster:
    """The embedded database of the data folder, started or joined; its log is archived where that is set."""
    folder = settings.data_folder / "postgres"
    if settings.archive_folder is None:
        return embedded.start(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = account_for(folder / "cluster", passing=[folder])
    return embedded.start(folder, settings=archiving(settings.archive_folder, account))


class WrongSecret(Exception):
    """The secret at hand can't open what is in the database; the message, in Chinese, says what to do."""


def draw_secret(settings: Settings) -> None:
    """Outside production a secret that was not given is drawn once and kept in the data folder.

    Raises
    ------
    WrongSecret
        when the file is lost or broken: another secret in its place would make every person's numbers unreadable.
    """
    if settings.secret_key is not None or settings.environment is Environment.PRODUCTION:
        return
    file = settings.secret_file
    if not file.exists():
        if (settings.data_folder / "postgres" / "cluster").exists():
            raise WrongSecret(f"缺少 {file}，没有它就读不出证件号码和电话，请从备份中恢复该文件。")
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        write_secrets(file, {"1": secrets.token_bytes(SECRET_BYTES)})
    try:
        settings.secrets()
    except ValueError:
        raise WrongSecret(f"{file} 已损坏，请从备份中恢复该文件。") from None


def fitting_keyring(connection: Connection, settings: Settings) -> Keyring:
    """The keys, which open what is sealed already; of a database that knows of none yet, the first is put down.

    Raises
    ------
    WrongSecret
        when they do not: the service would show living people as deleted and register them twice.
    """
    keyring = settings.keyring()
    wrong = "密钥与数据库不符，读不出证件号码和电话。请恢复原来的 WENGANG_SECRET_KEY 或 secret.key。"
    stored = connection.execute(
        select(col(PersonKey.master_key_id), col(PersonKey.sealed_key))
        .where(func.length(col(PersonKey.sealed_key)) > 0)
        .limit(1)
    ).first()
    try:
        if connection.scalar(select(func.count()).select_from(ServiceKey)) == 0:
            first = stored[0] if stored is not None else keyring.current
            told = {"id": first, "created_at": now(), "state": KeyState.IN_USE, "slot": 1}
            connection.execute(insert(ServiceKey).values(told | {"marks": True, "remembers": False}))
        follow(connection, keyring)
        if stored is not None:
            open_person_key(keyring, *stored)
    except UnknownKey as unknown:
        raise WrongSecret(f"{wrong}缺少密钥“{unknown.key_id}”。") from None
    except Unsealable:
        raise WrongSecret(wrong) from None
    return keyring


def require_roles(connection: Connection) -> None:
    """The server must know every role that the migrations give something to.

    Raises
    ------
    DatabaseNotStarted
        when it lacks one: it was prepared by an older program.
    """
    missing = [
        name
        for name in ATTRIBUTES
        if connection.scalar(text("SELECT to_regrole(:name) IS NULL"), {"name": name})
    ]
    if missing:
        raise DatabaseNotStarted(
            f"数据库缺少角色 {'、'.join(missing)}。请用管理员账号再运行一次：python -m api.postgres.roles"
        )


def _fill(settings: Settings, progress: Progress) -> None:
    """Tables, code tables and plans everywhere; generated people and their account in demonstration mode only.

    One transaction under the migrations' lock: it is all there or nothing is, and of two processes that begin at
    once the second finds it done.
    """
    progress(0, 0, "升级数据库结构")
    with owner_connection(settings.owner_database_url or "") as connection:
        require_roles(connection)
        migrate(connection)
        keyring = fitting_keyring(connection, settings)
        load_reference(connection, progress)
        load_work_plans(connection, progress)
        if settings.demonstration:
            load_demo(
                connection,
                keyring,
                business_date=settings.today(),
                scale=settings.demo_scale,
                progress=progress,
            )
            ensure_demo_account(connection, settings.data_folder)
            type_figures(connection, USERNAME)
