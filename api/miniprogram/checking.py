"""What somebody writes is shown to WeChat first, as its rules ask: words that it holds to be risky are not taken.

Only the bureau's staff ever reads them. So while WeChat is away they are taken unseen, which the log says: a wage that was
not paid must not wait for it.
"""

import structlog
from fastapi import Request

from api.errors import Problem, invalid
from api.miniprogram.asking import get_user
from api.miniprogram.identity import identity_of
from api.miniprogram.wechat import beside, client_of
from api.wechat.client import Verdict
from api.wechat.codes import Kind, WeChatError

_log = structlog.get_logger("wengang.wechat")


async def check_words(request: Request, words: str, field: str) -> None:
    """Ask before a turn at the database is taken for the command.

    Raises
    ------
    Problem
        422 for words that WeChat holds to be risky; 401 for a stranger.
    """
    try:
        verdict = await beside(request, lambda: _verdict(request, words))
    except Problem as problem:
        if problem.body.status != 503:
            raise
        # Too many wait for WeChat already.
        verdict = None
        _log.warning("words_unchecked", request_id=request.state.request_id, code=None)
    if verdict is Verdict.RISKY:
        raise invalid(field, "risky", "微信提示这段文字可能违规，没有提交。请换个说法，或点“要求回电”。")


def _verdict(request: Request, words: str) -> Verdict | None:
    """None where nobody has looked at the words."""
    state = request.app.state
    with state.sessions() as session, session.begin():
        user = get_user(request, session)
        openid = identity_of(session, state.keyring, user.account_id).openid
    client = client_of(state.settings, state.sessions, state.keyring, state.wechat.gate)
    if client is None or not words:
        return None
    try:
        return client.check(openid, words)
    except WeChatError as error:
        if error.kind is Kind.CONTENT:
            # Said as a refusal of the call instead of as a verdict.
            return Verdict.RISKY
        said = _log.error if error.kind is Kind.SETTINGS else _log.warning
        said("words_unchecked", request_id=request.state.request_id, kind=error.kind.value, code=error.code)
    return None
