"""A list from its first page to its last, as the account would go through it: the page's own function, part by part."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from types import SimpleNamespace
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from api.deps import Caller, narrow
from api.errors import invalid, not_found
from api.pages.desk import Desk, DeskFor
from api.pages.list_catalogue import LISTS, ListPage
from api.pages.list_reading import Part, read_page
from api.places import Places
from api.presenting import Presenter
from api.rights import Action
from api.settings import Settings
from models.sealing import Keyring

AT_ONCE = 1_000
"""Lines that are read at once: a list of a hundred thousand is a hundred pages, not two thousand."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a page is given besides the account: of the service, whether a request is at work or a job."""

    settings: Settings
    keyring: Keyring
    places: Places
    sessions: Any


@dataclass(frozen=True, slots=True)
class Walk:
    """A list that somebody may have: its page, the scope in which it is read, and the address's fields."""

    page: ListPage
    route: APIRoute
    path: str
    named: Mapping[str, Any]
    asked: tuple[tuple[str, str], ...]
    caller: Caller
    desk: Desk

    def parts(self) -> Iterator[Part]:
        """Its parts, in their order."""
        cursor: str | None = None
        while True:
            part = read_page(self._shown(cursor))
            yield part
            if part.following is None:
                return
            cursor = part.following

    def _shown(self, cursor: str | None) -> str:
        asked = [(name, value) for name, value in self.asked if name != "cursor" and value]
        asked += [("cursor", cursor)] if cursor else []
        answer: Response = self.route.endpoint(**_bound(self.route.endpoint, self.named, asked, self.desk))
        return bytes(answer.body).decode()


def walk(routes: Iterable[BaseRoute], session: Session, caller: Caller, around: Around, address: str) -> Walk:
    """The list at an address of the console, under the scope in which the account may have it as a file.

    Raises
    ------
    Problem
        404 for an address that is no list's, 403 without the right to see it, or to export what tells of people.
    """
    told = urlsplit(address)
    route, named = _route(routes, told.path if not told.netloc and not told.scheme else "")
    page = LISTS[route.path]
    actions = _needed(route) + ((Action.EXPORT,) if page.of_people else ())
    caller = narrow(session, caller, *actions) if actions else caller
    settings = around.settings
    request = Request(_scope(route, told.path, named, around))
    request.state.caller, request.state.form_token = caller, ""
    present = Presenter(
        session, around.places, settings.today(), settings.vacancy_refresh_days, settings.explore_share
    )
    desk = Desk(request, session, caller, present, settings.today(), settings, AT_ONCE)
    return Walk(page, route, told.path, named, tuple(parse_qsl(told.query)), caller, desk)


def _route(routes: Iterable[BaseRoute], path: str) -> tuple[APIRoute, dict[str, Any]]:
    asked = {"type": "http", "path": path, "method": "GET", "root_path": "", "headers": []}
    for route in routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            match, found = route.matches(asked)
            if match is Match.FULL:
                if route.path not in LISTS:
                    break
                return route, dict(found["path_params"])
    raise not_found("这个名单")


def _scope(route: APIRoute, path: str, named: dict[str, Any], around: Around) -> dict[str, Any]:
    state = SimpleNamespace(
        settings=around.settings, keyring=around.keyring, places=around.places, sessions=around.sessions
    )
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "path_params": named,
        "route": route,
        "app": SimpleNamespace(state=state),
        "state": {},
    }


def _needed(route: APIRoute) -> tuple[Action, ...]:
    """What the page itself asks for."""
    for parameter in signature(route.endpoint).parameters.values():
        for told in _metadata(parameter.annotation):
            if isinstance(told, Depends) and isinstance(told.dependency, DeskFor):
                return told.dependency.actions
    return ()


def _bound(
    function: Any, named: Mapping[str, Any], asked: list[tuple[str, str]], desk: Desk
) -> dict[str, Any]:
    """What the function is to be given: the desk, what the path names and what the address asks, read as by the door.

    Raises
    ------
    Problem
        422 for an address that the page would refuse.
    """
    given: dict[str, Any] = {}
    for name, parameter in signature(function).parameters.items():
        annotation = parameter.annotation
        kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
        depends = next((each for each in _metadata(annotation) if isinstance(each, Depends)), None)
        if kind is Desk:
            given[name] = desk
        elif depends is not None and depends.dependency is not None:
            given[name] = depends.dependency(**_bound(depends.dependency, named, asked, desk))
        elif name in named:
            given[name] = _read(annotation, named[name], name)
        elif told := [value for key, value in asked if key == name]:
            given[name] = _read(annotation, told[-1], name)
        elif parameter.default is not Parameter.empty:
            given[name] = parameter.default
    return given


def _read(annotation: Any, value: Any, name: str) -> Any:
    try:
        return TypeAdapter(annotation).validate_python(value)
    except ValidationError:
        raise invalid(name, "invalid", "这个名单的地址不对，请回到名单再导出。") from None


def _metadata(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
