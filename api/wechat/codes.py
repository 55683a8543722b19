"""The error codes of WeChat's server, and what the service does at each: there is none without a behaviour.

Facts from the vendor's pages of each call (developers.weixin.qq.com, “服务端 API”) and its list of global codes.
"""

from enum import Enum


class Kind(Enum):
    """What an error asks of the service."""

    LATER = "later"
    """WeChat can't answer now: it is asked again after a pause, and people are told that it is WeChat's side."""
    TOKEN = "token"  # noqa: S105 - a word
    """The service's credential is not taken: it is fetched anew, once, and the call made again."""
    CODE = "code"
    """The code from the person's telephone is spent, over or wrong: the mini-program asks WeChat for another."""
    BLOCKED = "blocked"
    """WeChat holds the person's account to be dangerous and lets nobody log in by it."""
    UNSUBSCRIBED = "unsubscribed"
    """The person did not agree to this message, or no more: it is not sent, and not tried again."""
    PERSON = "person"
    """WeChat does not know this person here, or has not seen them lately: nothing more reaches them this way."""
    CONTENT = "content"
    """What was to be sent holds words that WeChat lets nobody send."""
    SETTINGS = "settings"
    """Something of the service's own is wrong: trying again is useless, whoever runs it must see to it."""


KINDS: dict[int, Kind] = {
    -1: Kind.LATER,  # busy
    45009: Kind.LATER,  # calls of a day or a minute used up
    45011: Kind.LATER,  # too many calls within a minute
    43108: Kind.LATER,  # sent to somebody twice at the same moment
    40001: Kind.TOKEN,
    40014: Kind.TOKEN,
    42001: Kind.TOKEN,
    40029: Kind.CODE,
    40163: Kind.CODE,  # used before
    40226: Kind.BLOCKED,
    43101: Kind.UNSUBSCRIBED,
    40003: Kind.PERSON,
    43104: Kind.PERSON,  # somebody of another mini-program
    61010: Kind.PERSON,  # not here within two hours, which the check of content wants
    87014: Kind.CONTENT,
    45168: Kind.CONTENT,
    40002: Kind.SETTINGS,
    40013: Kind.SETTINGS,
    40037: Kind.SETTINGS,  # no such template
    40097: Kind.SETTINGS,
    40125: Kind.SETTINGS,  # wrong secret
    40129: Kind.SETTINGS,
    40164: Kind.SETTINGS,  # called from an address that is not on the list
    40169: Kind.SETTINGS,  # a scene too long
    41001: Kind.SETTINGS,
    41002: Kind.SETTINGS,
    41004: Kind.SETTINGS,
    41008: Kind.SETTINGS,
    41030: Kind.SETTINGS,  # a page that the mini-program does not have
    43002: Kind.SETTINGS,
    43107: Kind.SETTINGS,  # the template, or all of the account's, is banned
    43302: Kind.SETTINGS,
    44002: Kind.SETTINGS,
    47001: Kind.SETTINGS,
    47003: Kind.SETTINGS,  # a field that does not fit the template
    48001: Kind.SETTINGS,  # the account may not make this call
}


def kind_of(code: int) -> Kind:
    """What a code asks for. One that nobody told us of may pass: it is asked again a few times, like any failure."""
    return KINDS.get(code, Kind.LATER)


class WeChatError(Exception):
    """WeChat did not do what it was asked. `code` is its own, None where it gave no answer that can be read."""

    def __init__(self, kind: Kind, code: int | None = None) -> None:
        # No address and no body: both may hold a secret or somebody's number.
        super().__init__(f"{kind.value} {code if code is not None else ''}".strip())
        self.kind = kind
        self.code = code
