"""Accounts, what they are bound to, and the tokens by which they are known."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, INSTANT, Row, Versioned, coded
from models.coded import Coded


class Role(Coded):
    """What an account is for."""

    VILLAGE = "village", "村级信息员"
    TOWNSHIP = "township", "乡镇经办人"
    COUNTY = "county", "县级经办人"
    CITY = "city", "市级经办人"
    PROVINCE = "province", "省级经办人"
    DESTINATION_COUNTY = "destination_county", "就业地县区经办人"
    DESTINATION_CITY = "destination_city", "就业地市级经办人"
    STATION = "station", "劳务协作工作站"
    EMPLOYER = "employer", "用人单位"
    KIOSK = "kiosk", "自助终端"
    WORKER = "worker", "劳动者本人"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "系统管理员"


class Account(Versioned, table=True):
    """Somebody, or some device, that may log in."""

    __tablename__ = "account"

    username: str = Field(unique=True, max_length=50)
    display_name: str
    password_hash: str | None = None
    active: bool = True
    is_demo: bool = False


class AccountBinding(Row, table=True):
    """One role in one region, and for the pairing's other side the pairing it rests on."""

    __tablename__ = "account_binding"
    __table_args__ = (UniqueConstraint("account_id", "role", "region", postgresql_nulls_not_distinct=True),)

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    role: Role = Field(sa_type=coded(Role), nullable=False)
    region: str | None = Field(default=None, foreign_key="region.code")
    pairing_id: int | None = Field(default=None, foreign_key="pairing.id", sa_type=BIG)
    employer_id: int | None = Field(default=None, foreign_key="employer.id", sa_type=BIG)


class TokenKind(Coded):
    """What a token opens."""

    SESSION = "session", "网页登录"
    BEARER = "bearer", "接口令牌"
    LOGIN_LINK = "login_link", "一次性登录链接"


class AccessToken(Row, table=True):
    """A secret that stands for an account; only its SHA-256 is kept."""

    __tablename__ = "access_token"

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    kind: TokenKind = Field(sa_type=coded(TokenKind), nullable=False)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    expires_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
