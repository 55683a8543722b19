"""What the server knows: people, codes, credentials, consents, what was sent, and how it is to misbehave."""

import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

MINUTE, DAY = 60.0, 86_400.0
CODE_LIVES = 300.0
"""Seconds. A log-in's and a telephone's code are each good for five minutes, once."""
TOKEN_LIVES = 7200
OVERLAP = 300
"""Seconds before its end from which a new credential is given, while the old one is still taken."""
FORCED_A_DAY, FORCED_APART = 20, 30.0
SEEN_WITHIN = 7200.0
"""Seconds within which somebody was here, for a text of theirs to be checked."""


class Refusal(Exception):
    """An answer with an error code."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass
class Person:
    """Somebody with WeChat."""

    telephone: str
    country: str = "86"
    risky: bool = False
    seen_at: float = 0.0


@dataclass
class Code:
    """A code that a telephone was given."""

    openid: str
    made_at: float
    used: bool = False


@dataclass
class Token:
    """A credential."""

    value: str
    made_at: float
    ends_at: float


@dataclass
class Fault:
    """How a path misbehaves the next `times`: by a code, after `wait` seconds, or `broken`: page, garbage, cut."""

    path: str
    times: int = 1
    errcode: int | None = None
    wait: float = 0.0
    broken: str = ""


@dataclass
class State:
    """The whole of it. `ahead`: seconds by which its clock is before the real one."""

    appid: str
    secret: str
    people: dict[str, Person] = field(default_factory=dict)
    login_codes: dict[str, Code] = field(default_factory=dict)
    phone_codes: dict[str, Code] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    forced: list[float] = field(default_factory=list)
    templates: dict[str, list[str]] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    consents: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    sent: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    limits: dict[str, int] = field(
        default_factory=lambda: {
            "/cgi-bin/stable_token": 10_000,
            "/sns/jscode2session": 100,
            "/wxa/msg_sec_check": 4_000,
            "/wxa/getwxacodeunlimit": 5_000,
        }
    )
    ahead: float = 0.0
    _within: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def now(self) -> float:
        """Its own time."""
        return time.time() + self.ahead

    def person(self, telephone: str, country: str = "86") -> str:
        """Somebody new; her `openid`."""
        openid = "o" + secrets.token_urlsafe(20)
        self.people[openid] = Person(telephone, country, seen_at=self.now())
        return openid

    def code(self, codes: dict[str, Code], openid: str) -> str:
        """A new code for one of them; she is here now."""
        made = secrets.token_hex(16)
        codes[made] = Code(openid, self.now())
        self.people[openid].seen_at = self.now()
        return made

    def redeem(self, codes: dict[str, Code], told: str, *, reused: int) -> str:
        """Whose code it is; from now on it is used."""
        code = codes.get(told)
        if code is None or self.now() - code.made_at > CODE_LIVES:
            raise Refusal(40029, "invalid code")
        if code.used:
            raise Refusal(reused, "code been used" if reused == 40163 else "invalid code")
        code.used = True
        return code.openid

    def limited(self, path: str, who: str = "") -> None:
        """Count a call; beyond the minute's limit it is refused."""
        recent = self._within[path, who]
        recent[:] = [at for at in recent if self.now() - at < MINUTE]
        if len(recent) >= self.limits.get(path, 1_000_000):
            raise (
                Refusal(45011, "api minute-quota reach limit")
                if who
                else Refusal(45009, "reach max api limit")
            )
        recent.append(self.now())

    def token(self, *, force: bool) -> tuple[str, int]:
        """The credential, a new one where it nears its end or is asked for by force, and its seconds."""
        now = self.now()
        last = self.tokens[-1] if self.tokens else None
        if force:
            self.forced = [at for at in self.forced if now - at < DAY]
            if len(self.forced) >= FORCED_A_DAY:
                raise Refusal(45009, "reach max api daily quota limit")
            if not self.forced or now - self.forced[-1] >= FORCED_APART:
                self.forced.append(now)
                self.tokens.clear()
                last = None
        if last is None or now > last.ends_at - OVERLAP:
            last = Token("7" + secrets.token_urlsafe(60), now, now + TOKEN_LIVES)
            self.tokens.append(last)
        return last.value, int(last.ends_at - now)

    def require(self, told: str | None) -> None:
        """A call's credential must be a good one."""
        if not told:
            raise Refusal(41001, "access_token missing")
        known = next((token for token in self.tokens if token.value == told), None)
        if known is None:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if self.now() > known.ends_at:
            raise Refusal(42001, "access_token expired")

    def fault(self, path: str) -> Fault | None:
        """How this call is to misbehave."""
        found = next((each for each in self.faults if each.path in (path, "*") and each.times > 0), None)
        if found is not None:
            found.times -= 1
        return found
