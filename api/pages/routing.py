"""How the pages' addresses are read, and how a browser learns that what it sent was saved."""

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.deps import over_safe_line
from api.pages.carried_out import DoneBefore, remember
from api.pages.desk import Desk, local

TYPED_COOKIE = "typed-"
"""With the mark of a form behind it: the service has done what that form asked. `static/typed.js` reads and removes it."""


class PageRoute(APIRoute):
    """A route of the console. A search form sends every one of its fields; an empty one means all."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        if not iscoroutinefunction(endpoint):
            endpoint = _remembered(endpoint)
        super().__init__(path, endpoint, **told)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, to which empty fields of the address are as if they had not been sent."""
        handle = super().get_route_handler()

        async def without_empty_fields(request: Request) -> Response:
            fields = request.scope["query_string"].split(b"&")
            request.scope["query_string"] = b"&".join(field for field in fields if field.partition(b"=")[2])
            try:
                answer = await handle(request)
            except DoneBefore as before:
                came = local(urlsplit(request.headers.get("referer", "")).path or "/")
                answer = RedirectResponse(f"{before.path or came}?done=saved-before", 303)
            mark = getattr(request.state, "typed_mark", "")
            if mark and answer.status_code < 400:
                answer.set_cookie(
                    TYPED_COOKIE + mark, "1", max_age=600, samesite="strict", secure=over_safe_line(request)
                )
            return answer

        return without_empty_fields


def _remembered(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The page's function; where its command led to is kept with the form's mark, in the same transaction."""

    @wraps(endpoint)
    def answered(*args: Any, **told: Any) -> Any:
        answer = endpoint(*args, **told)
        if isinstance(answer, RedirectResponse):
            for desk in (each for each in told.values() if isinstance(each, Desk)):
                # Without its query: what was looked for is not written down.
                path = urlsplit(answer.headers["location"]).path
                remember(desk.request, desk.session, desk.keyring, path)
        return answer

    return answered
