"""Accounts, what they are bound to, and the tokens by which they are known."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, TEXTS, Row, Versioned, coded
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
    __table_args__ = (CheckConstraint("password_hash IS NULL OR username IS NOT NULL", "password_with_name"),)

    username: str | None = Field(
        default=None, unique=True, max_length=50, description="none until the invitation is accepted"
    )
    display_name: str
    password_hash: str | None = None
    active: bool = True
    kept_by: str | None = Field(
        default=None, foreign_key="region.code", index=True, description="whose administrator looks after it"
    )
    is_demo: bool = False


class AccountBinding(Row, table=True):
    """One role in one region, and for the pairing's other side the pairing it rests on.

    Of a station the region is the station's own, of an employer there is none: both are given by whoever keeps them.
    """

    __tablename__ = "account_binding"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "region", postgresql_nulls_not_distinct=True),
        CheckConstraint("station_id IS NULL OR role = 'station'", "station_of_a_station"),
        CheckConstraint(
            "employer_id IS NULL OR (role = 'employer' AND region IS NULL)", "employer_of_no_region"
        ),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    role: Role = Field(sa_type=coded(Role), nullable=False)
    region: str | None = Field(default=None, foreign_key="region.code")
    pairing_id: int | None = Field(default=None, foreign_key="pairing.id", sa_type=BIG)
    employer_id: int | None = Field(default=None, foreign_key="employer.id", sa_type=BIG)
    station_id: int | None = Field(default=None, foreign_key="service_station.id", sa_type=BIG)


class TokenKind(Coded):
    """What a token opens."""

    SESSION = "session", "网页登录"
    BEARER = "bearer", "接口令牌"
    API_KEY = "api_key", "接口密钥"
    LOGIN_LINK = "login_link", "一次性登录链接"
    INVITATION = "invitation", "邀请链接"
    SECOND_STEP = "second_step", "等待动态口令"
    WORKER = "worker", "小程序登录"


class AccessToken(Row, table=True):
    """A secret that stands for an account; only its SHA-256 is kept. A key has a name, and may do less than its account."""

    __tablename__ = "access_token"
    __table_args__ = (
        CheckConstraint("(kind = 'api_key') = (prefix <> '')", "prefix_of_a_key"),
        CheckConstraint("(kind = 'api_key') = (areas IS NOT NULL)", "areas_of_a_key"),
        CheckConstraint("kind = 'api_key' OR NOT read_only", "only_keys_read_only"),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    kind: TokenKind = Field(sa_type=coded(TokenKind), nullable=False)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    expires_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    name: str = Field(
        default="", max_length=100, description="of a key what it is for, of a session the device"
    )
    prefix: str = Field(default="", max_length=12, description="how a key begins, to tell it by")
    areas: list[str] | None = Field(default=None, sa_type=TEXTS, description="what a key is for")
    read_only: bool = False


class TokenUse(SQLModel, table=True):
    """When a token was used last, to some minutes. Beside the token, so that nobody who revokes it waits for its user."""

    __tablename__ = "token_use"

    token_id: int = Field(primary_key=True, foreign_key="access_token.id", sa_type=BIG)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
