"""Requests with marks wherever something may be told: path, query, headers, form, body."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from .marked import Marked


def marked_in(value: Any, who: Marked) -> Any:
    """`value` with a mark in the place of every text."""
    if isinstance(value, dict):
        return {name: marked_in(each, who) for name, each in value.items()}
    if isinstance(value, list):
        return [marked_in(each, who) for each in value]
    return who.all[len(value) % 3] if isinstance(value, str) else value


def declared(dependant: Dependant, kind: str) -> list[str]:
    """The names of what a route takes, its dependencies included."""
    own = [field.alias for field in getattr(dependant, kind)]
    return own + [name for each in dependant.dependencies for name in declared(each, kind)]


def described(app: FastAPI, route: APIRoute) -> dict[str, Any]:
    """The document that describes the route: the mini-program's door has one of its own."""
    if route.path in app.openapi()["paths"]:
        return app.openapi()
    return get_openapi(
        title=app.title, version=app.version, routes=[route], separate_input_output_schemas=True
    )


def requests(
    app: FastAPI, route: APIRoute, who: Marked, form_token: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Addresses and contents with marks wherever something may be told."""
    names = re.findall(r"\{([^}]*)\}", route.path)
    query = {name: who.all[place % 3] for place, name in enumerate(declared(route.dependant, "query_params"))}
    fields = declared(route.dependant, "body_params")
    headers = {
        "Idempotency-Key": who.id_number,
        "User-Agent": f"x {who.phone}",
        "Referer": f"/{who.id_number}",
    }
    headers |= {"If-Match": f'"{who.id_number}"', "X-Request-Id": who.id_number}
    content: dict[str, Any] = {}
    if fields and route.include_in_schema:
        document = described(app, route)
        schema = document["paths"][route.path][min(route.methods).lower()]["requestBody"]["content"]
        if "application/json" in schema:
            name = schema["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
            example = document["components"]["schemas"][name].get("example", {})
            content = {"json": marked_in(example, who) | {who.name: who.id_number}}
    if fields and not content:
        content = {"data": {name: who.all[place % 3] for place, name in enumerate(fields)}}
        content["data"]["form_token"] = form_token
    for told in ("1", who.id_number):
        path = route.path
        for name in names:
            path = path.replace(f"{{{name}}}", told)
        yield path, {"headers": headers, "params": {}, **content}
    yield path, {"headers": headers, "params": query | {who.id_number: who.name}, **content}
    if "json" in content:
        broken = f'{{"name": "{who.name}", "id_number": "{who.id_number}"'.encode()
        yield path, {"headers": headers | {"Content-Type": "application/json"}, "content": broken}
