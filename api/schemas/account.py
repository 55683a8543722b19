"""Accounts, invitations, who is logged in, and keys, over REST."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from api.rights import Area
from api.schemas.base import Instant, Name, Place, Plain, RegionCode, RowNumber, Title, Told, example
from models.account import Role, TokenKind
from models.coded import Coded

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,49}")


def _spelt(text: str) -> str:
    if not _USERNAME.fullmatch(text.lower()):
        raise ValueError("用户名为3到50位小写字母和数字，以字母开头，可以含点、横线和下划线")
    return text.lower()


Username = Annotated[Plain, Field(max_length=50), AfterValidator(_spelt)]
"""It begins with a letter, so that nobody takes a telephone or ID number for it."""
Password = Annotated[str, Field(max_length=200)]
Code = Annotated[Plain, Field(min_length=1, max_length=40)]


class AccountState(Coded):
    """How an account stands."""

    INVITED = "invited", "等待接受邀请"
    LAPSED = "lapsed", "邀请已过期"
    ACTIVE = "active", "使用中"
    LOCKED = "locked", "暂时锁定"
    OFF = "off", "已停用"


class BindingTold(Told):
    """A role, and where: in a region, at a station, or for an employer."""

    role: Role
    region: RegionCode | None = Field(None, description="驻站和用人单位的账号不填")
    station_id: RowNumber | None = Field(None, description="劳务协作工作站的账号在哪个站")
    employer_id: RowNumber | None = Field(None, description="用人单位的账号属于哪个单位")

    model_config = example({"role": "township", "region": "610728001"})


class AccountInvite(BindingTold):
    """Whom to invite, and what for."""

    display_name: Name = Field(description="姓名")

    model_config = example({"display_name": "张三", "role": "township", "region": "610728001"})


class BindingPublic(BaseModel):
    """A role of an account. `mine`: the caller may take it away."""

    id: int
    role: Role
    region: Place | None
    station: str | None
    employer: str | None
    mine: bool


class AccountPublic(BaseModel):
    """An account. `mine`: all that it may do lies where the caller administers, so the caller may administer it."""

    id: int
    version: int
    username: str | None
    display_name: str
    state: AccountState
    kept_by: Place | None
    bindings: list[BindingPublic]
    last_login: Instant | None
    locked_until: Instant | None
    invited_until: Instant | None
    second_factor: bool
    mine: bool
    is_demo: bool


class InvitationPublic(BaseModel):
    """An invitation. The code is told once, to whoever made it; a command that is repeated does not tell it again."""

    account: AccountPublic
    code: str | None
    expires_at: Instant


class InvitationAccept(Told):
    """Who was invited takes a name and a password; who has a name already sets a new password alone."""

    code: Annotated[Plain, Field(min_length=1, max_length=100)]
    username: Username | None = None
    display_name: Name | None = None
    password: Password

    model_config = example(
        {
            "code": "邀请链接末尾的一串字符",
            "username": "zhangsan",
            "display_name": "张三",
            "password": "请换成几个不相干的词",
        }
    )


class Accepted(BaseModel):
    """The name to log in by."""

    username: str


class PasswordChange(Told):
    """The present password, and the new one."""

    current: Password
    password: Password
    end_keys: bool = Field(default=True, description="接口密钥也一起作废")

    model_config = example({"current": "现在的密码", "password": "请换成几个不相干的词", "end_keys": True})


class SessionPublic(BaseModel):
    """Somewhere that an account is logged in. `here`: this very one."""

    id: int
    kind: TokenKind
    device: str
    created_at: Instant
    used_at: Instant | None
    expires_at: Instant
    here: bool


class Ended(BaseModel):
    """How many were ended."""

    ended: int


class EnrolmentPublic(BaseModel):
    """The secret for the authenticator, told until it is confirmed."""

    secret: str
    uri: str


class SecondFactorPublic(BaseModel):
    """Whether one-time passwords are in force, and how many recovery codes are left. `required`: a role needs them."""

    confirmed_at: Instant | None
    recovery_codes_left: int
    required: bool


class CodeTold(Told):
    """A one-time password."""

    code: Code

    model_config = example({"code": "123456"})


class RecoveryCodes(BaseModel):
    """Codes that work once each, told once."""

    codes: list[str]


class KeyCreate(Told):
    """A key for a program: what for, how long, and what it may do; never more than the account itself."""

    name: Title
    areas: list[Area] = Field(min_length=1, max_length=len(Area), description="可以办理的范围")
    read_only: bool = True
    days: Annotated[int, Field(ge=1, le=366)] = 90
    password: Password | None = Field(default=None, description="现在的密码")
    code: Code | None = Field(default=None, description="动态口令，绑定了的账号用它代替密码")

    model_config = example(
        {
            "name": "县人社数据交换",
            "areas": ["ledger", "posts"],
            "read_only": True,
            "days": 90,
            "password": "现在的密码",
        }
    )


class KeyPublic(BaseModel):
    """A key, without itself."""

    id: int
    name: str
    prefix: str
    areas: list[Area]
    read_only: bool
    created_at: Instant
    expires_at: Instant
    used_at: Instant | None


class KeyMade(BaseModel):
    """A new key. It is told once."""

    key: str
    made: KeyPublic


class AccountEvent(BaseModel):
    """Something that happened to an account. `alarming`: whoever looks after it, or has it, should know why."""

    id: int
    at: Instant
    action: str
    words: str
    account_id: int
    account: str
    by: str
    alarming: bool
