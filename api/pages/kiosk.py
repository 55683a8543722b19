"""自助终端的页面: a shell that a device keeps, its service worker, and the syllables of its own words. Nobody logs in here."""

import json
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.pages.rendering import page
from ledger.ruby import syllables

router = APIRouter(include_in_schema=False)
_STATIC = Path(__file__).parent / "static" / "kiosk"
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; connect-src 'self' http://127.0.0.1:17580; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Scripts and styles from here alone; besides the service only the reader's bridge on this very machine is asked."""


@router.get("/kiosk")
def show_kiosk() -> HTMLResponse:
    """The shell; what it shows comes from what the device keeps."""
    answer = HTMLResponse(page("kiosk.html", version=version()))
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@router.get("/kiosk/sw.js")
def service_worker() -> Response:
    """The service worker, of this version: where any file of the page changes, it is another one."""
    text = (_STATIC / "sw.js").read_text(encoding="utf-8").replace("{{version}}", version())
    return Response(
        text,
        media_type="text/javascript",
        headers={"Service-Worker-Allowed": "/kiosk"},
    )


@router.get("/kiosk/words.json")
def words() -> Response:
    """The syllables of all that the page itself says."""
    return Response(_words(), media_type="application/json")


@cache
def version() -> str:
    """A digest of all that the page is made of."""
    from hashlib import sha256

    files = sorted(path for path in _STATIC.iterdir() if path.is_file())
    told = b"".join(path.read_bytes() for path in files) + page("kiosk.html", version="").encode()
    return sha256(told).hexdigest()[:16]


@cache
def _words() -> str:
    said: list[str] = json.loads((_STATIC / "words.json").read_text(encoding="utf-8"))
    return json.dumps({text: " ".join(syllables(text)) for text in said}, ensure_ascii=False)
