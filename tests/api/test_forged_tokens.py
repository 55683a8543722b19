"""Tokens are random and only their hashes are kept: nothing can be forged, and each opens only what it was made for.

There is no signed token (JWT), and so nothing that reads one: `alg: none`, other keys and other audiences are strings that
nobody issued, and open nothing.
"""

import base64
import hmac
import json
import statistics
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import Sessions, sessions_of
from api.deps import SESSION_COOKIE, act_as
from api.security import account_by_password, account_by_username, issue_token, token_hash
from api.settings import Settings
from models.account import TokenKind
from models.sealing import Keyring


def issued(sessions: Sessions, kind: TokenKind) -> str:
    with sessions() as session, session.begin():
        account = account_by_username(session, "zhenba")
        assert account is not None
        act_as(session, account)
        return issue_token(session, account, kind)


def asks(app: FastAPI, token: str) -> int:
    return int(
        TestClient(app).get("/v1/me", headers={"Authorization": f"Bearer {token}".encode()}).status_code
    )


def looks(app: FastAPI, token: str) -> int:
    client = TestClient(app, cookies={SESSION_COOKIE: token}, follow_redirects=False)
    return int(client.get("/workers", headers={"Accept": "text/html"}).status_code)


def signed(header: dict[str, Any], claims: dict[str, Any], key: bytes | None) -> str:
    """A JWT by the letter of RFC 7519."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)
    ]
    body = ".".join(parts)
    if key is None:
        return f"{body}."
    digest = base64.urlsafe_b64encode(hmac.new(key, body.encode(), sha256).digest()).rstrip(b"=").decode()
    return f"{body}.{digest}"


def test_a_signed_token_is_a_string_that_nobody_issued(
    app: FastAPI, sessions: Sessions, settings: Settings
) -> None:
    right = {
        "sub": "1",
        "exp": int(time.time()) + 3600,
        "aud": "wengang",
        "iss": "wengang",
        "role": "administrator",
    }
    secret = b"a secret of the tests, of no other use"
    tokens = [
        signed({"alg": "none", "typ": "JWT"}, right, None),
        signed({"alg": "NoNe"}, right, None),
        signed({"alg": "HS256"}, right, secret),
        signed({"alg": "HS256"}, right, b"another key"),
        signed({"alg": "HS256"}, right | {"exp": 1}, secret),
        signed({"alg": "HS256"}, right | {"aud": "elsewhere"}, secret),
        signed({"alg": "HS256", "kid": "../../../dev/null"}, right, b""),
        signed({"alg": "HS256", "jku": "http://127.0.0.1/keys"}, right, secret),
    ]
    assert [asks(app, token) for token in tokens] == [401] * len(tokens)
    assert [looks(app, token) for token in tokens] == [303] * len(tokens)


def test_what_is_near_a_token_is_none(app: FastAPI, sessions: Sessions) -> None:
    token = issued(sessions, TokenKind.BEARER)
    assert asks(app, token) == 200
    near = [
        token[:-1], token + "A", token.swapcase(), token[::-1], f"{token} {token}", f"{token},", f'"{token}"', "*", "%",
        "' OR true --", token_hash(token).hex(), base64.b64encode(token_hash(token)).decode(), token_hash(token).decode("latin-1").replace("\n", "").replace("\r", "").replace("\0", ""),
    ]  # fmt: skip
    assert [asks(app, other) for other in near] == [401] * len(near)


@pytest.mark.parametrize("kind", [kind for kind in TokenKind if kind is not TokenKind.API_KEY])
def test_a_token_opens_only_what_it_is_for(app: FastAPI, sessions: Sessions, kind: TokenKind) -> None:
    token = issued(sessions, kind)
    assert asks(app, token) == (200 if kind is TokenKind.BEARER else 401)
    assert looks(app, token) == (200 if kind is TokenKind.SESSION else 303)
    link = TestClient(app, follow_redirects=False).post(f"/login/{token}")
    assert (link.status_code == 303) is (kind is TokenKind.LOGIN_LINK)
    if kind is not TokenKind.SECOND_STEP:
        code = TestClient(app).post("/login/code", data={"token": token, "code": "123456"})
        assert code.status_code == 401 and "等待太久" in code.text


def test_a_token_of_another_service_is_none_here(
    app: FastAPI, clone: Callable[[str], Any], keyring: Keyring, settings: Settings
) -> None:
    engine = create_engine(clone("another_service").service)
    elsewhere = audited(sessions_of(engine), keyring)
    token = issued(elsewhere, TokenKind.BEARER)
    assert asks(create_app(settings, sessions=elsewhere, keyring=keyring), token) == 200
    assert asks(app, token) == 401, "the same keys, and yet"
    engine.dispose()


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(
    session_as: Callable[[str], Session],
) -> None:
    """The processor time of each, which others on this machine don't change."""
    session = session_as("zhenba")
    session.connection().execute(text("SELECT 1"))
    took: dict[str, list[float]] = {"yangxian": [], "nobody-has-this-name": []}
    for _ in range(3):
        for name, times in took.items():
            began = time.thread_time()
            assert account_by_password(session, name, "wrong") is None
            times.append(time.thread_time() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.67 < known / unknown < 1.5, took
