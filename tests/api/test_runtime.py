"""A secret that does not fit what is sealed is refused: it would show living people as deleted."""

import base64
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import Session

from api.runtime import WrongSecret, draw_secret, fitting_keyring
from api.settings import Settings
from models.sealing import new_person_key
from models.worker import PersonKey, Worker


def test_a_lost_secret_is_not_replaced(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    draw_secret(settings)
    drawn = settings.secrets()
    draw_secret(settings)
    assert settings.secrets() == drawn
    (tmp_path / "postgres" / "cluster").mkdir(parents=True)
    (tmp_path / "secret.key").unlink()
    with pytest.raises(WrongSecret, match="备份"):
        draw_secret(settings)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe"])
def test_a_broken_secret_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(WrongSecret, match="损坏"):
        draw_secret(Settings(data_folder=tmp_path))


def told(secret: bytes) -> Settings:
    return Settings(secret_key=base64.b64encode(secret).decode())


def test_another_secret_is_refused(database) -> None:
    own = told(b"a secret of this test, of no other use")
    engine = create_engine(database.owner)
    with engine.connect() as connection, Session(connection) as session:
        keyring = fitting_keyring(connection, own)
        worker = Worker(region="610728", name="测试甲", name_pinyin="ce shi jia")
        session.add(worker)
        session.flush()
        _, key_id, sealed = new_person_key(keyring)
        session.add(PersonKey(worker_id=worker.identity, master_key_id=key_id, sealed_key=sealed))
        session.flush()
        fitting_keyring(connection, own)
        with pytest.raises(WrongSecret):
            fitting_keyring(connection, told(b"another secret, also of 32 bytes length"))
    engine.dispose()
