"""What somebody writes is shown to WeChat first, as its rules ask: words that it holds to be risky are not taken.

Only the bureau's staff ever reads them. So while WeChat is away they are taken unseen: a wage that was not paid must not
wait for it.
"""

import structlog
from fastapi import Request

from api.errors import invalid
from api.miniprogram.asking import get_user
from api.miniprogram.identity import identity_of
from api.miniprogram.wechat import client_of
from api.wechat.client import Verdict
from api.wechat.codes import Kind, WeChatError

_log = structlog.get_logger("wengang.wechat")


def check_words(request: Request, words: str, field: str) -> None:
    """Ask before a turn at the database is taken for the command.

    Raises
    ------
    Problem
        422 for words that WeChat holds to be risky; 401 for a stranger.
    """
    state = request.app.state
    with state.sessions() as session, session.begin():
        user = get_user(request, session)
        openid = identity_of(session, state.keyring, user.account_id).openid
    client = client_of(state.settings, state.sessions, state.keyring)
    if client is None or not words:
        return
    try:
        verdict = client.check(openid, words)
    except WeChatError as error:
        if error.kind is Kind.SETTINGS:
            _log.error("wechat_refused", kind=error.kind.value, code=error.code)
        return
    if verdict is Verdict.RISKY:
        raise invalid(field, "risky", "微信提示这段文字可能违规，没有提交。请换个说法，或点“要求回电”。")
