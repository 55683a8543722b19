"""How the pages' addresses are read, and how a browser learns that what it sent was saved."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.deps import over_safe_line

TYPED_COOKIE = "typed-"
"""With the mark of a form behind it: the service has done what that form asked. `static/typed.js` reads and removes it."""


class PageRoute(APIRoute):
    """A route of the console. A search form sends every one of its fields; an empty one means all."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, to which empty fields of the address are as if they had not been sent."""
        handle = super().get_route_handler()

        async def without_empty_fields(request: Request) -> Response:
            fields = request.scope["query_string"].split(b"&")
            request.scope["query_string"] = b"&".join(field for field in fields if field.partition(b"=")[2])
            answer = await handle(request)
            mark = getattr(request.state, "typed_mark", "")
            if mark and answer.status_code < 400:
                answer.set_cookie(
                    TYPED_COOKIE + mark, "1", max_age=600, samesite="strict", secure=over_safe_line(request)
                )
            return answer

        return without_empty_fields
