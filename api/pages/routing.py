"""How the pages' addresses are read: a filter that a form left empty was not chosen."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class PageRoute(APIRoute):
    """A route of the console. A search form sends every one of its fields; an empty one means all."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, to which empty fields of the address are as if they had not been sent."""
        handle = super().get_route_handler()

        async def without_empty_fields(request: Request) -> Response:
            fields = request.scope["query_string"].split(b"&")
            request.scope["query_string"] = b"&".join(field for field in fields if field.partition(b"=")[2])
            return await handle(request)

        return without_empty_fields
