"""The WeChat user behind an account: found by a digest of her `openid`, which is sealed with her verified telephone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, select

from models.sealing import Keyring, content_mark, seal, unseal
from models.wechat import WeChatAccount

_CONTEXT = "wechat_account.identity"
_OPEN = text("SELECT open_wechat_account(:mark, :key_id, :sealed, :name)")
_KEEP_PHONE = text("SELECT keep_wechat_phone(:key_id, :sealed)")
_ASKING = text(
    "SELECT binding_id, master_key_id, identity_sealed FROM asking_identities(CAST(:ids AS bigint[]))"
)
NAME = "微信小程序"
"""What such an account is called where it is named: of whom it is, it does not tell."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Her `openid`, and the telephone that WeChat has verified (E.164), if she let it be known."""

    openid: str
    telephone: str | None = None


def account_of(session: Session, keyring: Keyring, openid: str) -> int | None:
    """The account of this WeChat user, new where she was never here; None where it is closed."""
    told = {
        "mark": content_mark(keyring, "openid", openid),
        "name": NAME,
        **_sealed(keyring, Identity(openid)),
    }
    found = session.connection().scalar(_OPEN, told)
    return None if found is None else int(found)


def identity_of(session: Session, keyring: Keyring, account_id: int) -> Identity:
    """Of the account that asks."""
    row = session.exec(select(WeChatAccount).where(WeChatAccount.account_id == account_id)).one()
    return opened(keyring, row.master_key_id, row.identity_sealed)


def keep_telephone(session: Session, keyring: Keyring, account_id: int, telephone: str) -> None:
    """The telephone that WeChat has verified just now."""
    known = identity_of(session, keyring, account_id)
    session.connection().execute(_KEEP_PHONE, _sealed(keyring, Identity(known.openid, telephone)))
    session.expire_all()


def opened(keyring: Keyring, master_key_id: str, sealed: bytes) -> Identity:
    """What a row seals."""
    told = json.loads(unseal(keyring.master(master_key_id), bytes(sealed), _CONTEXT))
    return Identity(told["openid"], told.get("telephone"))


def telephones_asking(
    session: Session, keyring: Keyring, binding_ids: Sequence[int]
) -> dict[int, str | None]:
    """By binding of my people the telephone of whose WeChat it is."""
    rows = session.connection().execute(_ASKING, {"ids": list(binding_ids)})
    return {row.binding_id: opened(keyring, row.master_key_id, row.identity_sealed).telephone for row in rows}


def _sealed(keyring: Keyring, identity: Identity) -> dict[str, object]:
    content = json.dumps({"openid": identity.openid, "telephone": identity.telephone}).encode()
    return {
        "key_id": keyring.current,
        "sealed": seal(keyring.master(keyring.current), content, _CONTEXT),
    }
