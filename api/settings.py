"""What the service is told from outside, by environment variables that begin with WENGANG_."""

import base64
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.message_templates import read_sms_templates, read_templates
from api.secret_file import NAME, read_secrets
from ledger.doubts.thresholds import Thresholds
from models.account import Role
from models.coded import Coded
from models.sealing import Algorithm, Keyring
from outcomes.benefits.catalogue import read_benefits
from outcomes.following import Schedule

ROOT = Path(__file__).resolve().parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
DEMONSTRATION_DATE = date(2021, 9, 20)
"""The published plans are of 2021; the demonstration lives in that autumn."""

_DEVELOPMENT_SECRET = base64.b64encode(b"development only, never elsewhere!").decode()


class Environment(Coded):
    """Where the service runs."""

    DEMONSTRATION = "demo", "演示环境"
    DEVELOPMENT = "development", "开发环境"
    PRODUCTION = "production", "正式环境"


class Settings(BaseSettings):
    """The service's settings; a secret that everybody knows is refused outside development."""

    model_config = SettingsConfigDict(env_prefix="WENGANG_", extra="ignore", hide_input_in_errors=True)

    environment: Environment = Environment.DEMONSTRATION
    data_folder: Path = ROOT / "data"
    database_url: str | None = None
    owner_database_url: str | None = None
    secret_key: SecretStr | None = None
    sealing_algorithm: Algorithm = Field(
        default=Algorithm.AES_256_GCM, description="加密个人信息用的算法：aes-256-gcm 或 sm4-gcm"
    )
    business_date: date | None = None
    demo_scale: float = Field(default=1.0, gt=0, le=100)
    secure_cookies: bool | None = None
    max_body_bytes: int = Field(default=32 * 1024 * 1024, gt=0)
    doubt_thresholds: dict[str, Any] = Field(
        default_factory=dict, description='what the 疑点 rules compare with, such as {"income_max": 20000}'
    )
    benefits_file: Path | None = Field(
        default=None, description="the county's own benefits, written as outcomes/benefits/benefits.toml is"
    )
    anchor_folder: Path | None = Field(
        default=None, description="where the daily anchors of the record go; data_folder/anchors if not set"
    )
    archive_folder: Path | None = Field(
        default=None, description="where the embedded database archives its log, for restoring to any moment"
    )
    max_attachment_bytes: int = Field(default=10 * 1024 * 1024, gt=0, description="一个佐证附件最大多少字节")
    confirm_every_days: int = Field(default=90, ge=7, le=3650, description="隔多少天再核实一次是否在岗")
    worker_memory_mb: int = Field(default=2048, ge=512)
    disk_free_mb: int = Field(
        default=1024, ge=0, description="磁盘剩余少于多少MB时提醒；不到十分之一时停止服务"
    )
    application_days: int = Field(default=60, ge=7, le=3650)
    review_days: int = Field(default=15, ge=1, le=365, description="人工复核最迟多少天答复")
    fair_follow_up_days: int = Field(
        default=3, ge=0, le=60, description="招聘会后多少天内，要问清每个意向的结果"
    )
    retention_years: int = Field(
        default=10,
        ge=1,
        le=100,
        description="没有新的务工、推荐、随访和补贴多少年后，列入到期删除名单；按本地档案保管期限表填写",
    )
    vacancy_refresh_days: int = Field(default=90, ge=7, le=3650)
    second_factor_roles: tuple[Role, ...] | None = Field(
        default=None, description="哪些角色必须绑定动态口令；正式环境默认为管理员和审计，其他环境默认不要求"
    )
    login_failures: int = Field(default=10, ge=3, le=100, description="一段时间内输错多少次，锁定账号")
    login_failures_of_address: int = Field(
        default=100, ge=10, le=10_000, description="同一来源地址输错多少次，暂停登录"
    )
    login_minutes: int = Field(default=15, ge=1, le=1440, description="按多少分钟计数，也锁定这么久")
    lookups_a_day: int = Field(
        default=500, ge=1, le=1_000_000, description="一个账号一天最多逐个录入多少个证件号码"
    )
    lookups_in_files_a_day: int = Field(
        default=500_000, ge=1, le=1_000_000_000, description="一个账号一天最多用文件核对多少行人员"
    )
    explore_share: float = Field(
        default=0.0, ge=0, le=0.2, description="多大比例的推荐名单里，分数相差无几的随机换位；0为不换"
    )
    follow_up_days: tuple[int, ...] = Field(
        default=Schedule().days, description="上岗后第几天随访，之后每月一次"
    )
    follow_up_risky: float = Field(
        default=Schedule().risky, gt=0, le=1, description="30天内离岗可能性到多少，提前随访"
    )

    wechat_url: str = Field(
        default="https://api.weixin.qq.com", description="微信服务器的地址；开发时指向 ./wengang fake-wechat"
    )
    wechat_appid: str = Field(default="", description="小程序的 AppID；不填则不开通小程序")
    wechat_secret: SecretStr | None = Field(default=None, description="小程序的 AppSecret")
    wechat_templates: dict[str, Any] = Field(
        default_factory=dict,
        description='订阅消息模板，如 {"offer": {"id": "…", "page": "pages/offer", "fields": {"thing1": "post"}}}',
    )
    sms_url: str = Field(default="", description="短信网关的地址；不填则不发短信")
    sms_key: SecretStr | None = Field(default=None, description="短信网关的密钥")
    sms_templates: dict[str, str] = Field(default_factory=dict, description="每种通知的短信模板编号")
    quiet_from: int = Field(default=21, ge=12, le=24, description="几点以后不发通知")
    quiet_until: int = Field(default=8, ge=0, le=12, description="几点以前不发通知")

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.secret_key is None and self.environment is Environment.DEVELOPMENT:
            self.secret_key = SecretStr(_DEVELOPMENT_SECRET)
        known = self.secret_key is not None and self.secret_key.get_secret_value() == _DEVELOPMENT_SECRET
        if known and self.environment is not Environment.DEVELOPMENT:
            raise ValueError(
                "WENGANG_SECRET_KEY 是公开的开发密钥，只能在开发环境使用；请另行生成32字节以上的随机密钥"
            )
        if self.environment is Environment.PRODUCTION:
            if self.secret_key is None:
                raise ValueError("正式环境必须设置 WENGANG_SECRET_KEY(32字节以上随机数的Base64)")
            if self.business_date is not None:
                raise ValueError("正式环境不能设置 WENGANG_BUSINESS_DATE，日期以当天为准")
        if (self.database_url is None) != (self.owner_database_url is None):
            raise ValueError("WENGANG_DATABASE_URL 与 WENGANG_OWNER_DATABASE_URL 要么都设置，要么都不设置")
        if self.secret_key is not None:
            self.secrets()
        Thresholds.of(self.doubt_thresholds)
        if self.benefits_file is not None:
            read_benefits(self.benefits_file.read_text(encoding="utf-8"))
        self.follow_ups()
        read_templates(self.wechat_templates)
        read_sms_templates(self.sms_templates)
        return self

    def needing_second_factor(self) -> frozenset[Role]:
        """The roles that count only for accounts with a second factor."""
        if self.second_factor_roles is not None:
            return frozenset(self.second_factor_roles)
        production = self.environment is Environment.PRODUCTION
        return frozenset({Role.ADMINISTRATOR, Role.AUDITOR} if production else ())

    def follow_ups(self) -> Schedule:
        """When people at work are called.

        Raises
        ------
        ValueError
            when the days do not rise.
        """
        return Schedule(self.follow_up_days, self.follow_up_risky)

    @property
    def secret_file(self) -> Path:
        """Where the secrets lie that no setting tells."""
        return self.data_folder / NAME

    def secrets(self) -> dict[str, bytes]:
        """The service's secrets by the id of the key that each stands for: those of the setting, or else of the file.

        Raises
        ------
        ValueError
            when there are none, or one is not Base64 or too short.
        """
        if self.secret_key is not None:
            name, written = "WENGANG_SECRET_KEY", self.secret_key.get_secret_value()
        elif self.secret_file.exists():
            name, written = str(self.secret_file), self.secret_file.read_text(errors="replace")
        else:
            raise ValueError("没有设置 WENGANG_SECRET_KEY")
        try:
            return read_secrets(written)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None

    def keyring(self) -> Keyring:
        """The keys that seal and index personal values, as they are at hand: `models.service_key.follow` tells more."""
        return Keyring(self.secrets(), self.sealing_algorithm, self.secrets)

    @property
    def demonstration(self) -> bool:
        """Whether generated people are let in and the date stands still."""
        return self.environment is Environment.DEMONSTRATION

    def today(self) -> date:
        """The business date: the day in Shanghai, or the one that the demonstration is set to."""
        if self.business_date is not None:
            return self.business_date
        if self.demonstration:
            return DEMONSTRATION_DATE
        return datetime.now(SHANGHAI).date()
