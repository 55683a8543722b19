"""/docs: the REST door described, without the internet and without loosening what scripts may run."""

import base64
import re
from hashlib import sha256

from fastapi import Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

_OFFLINE = "/static-offline-docs"


def documentation(request: Request) -> HTMLResponse:
    """The document's page."""
    return page_of_document(request, str(request.app.openapi_url), request.app.title)


def page_of_document(_: Request, url: str, title: str) -> HTMLResponse:
    """A page that shows the document at `url`. Its one inline script is allowed by its digest, and no other is."""
    page = get_swagger_ui_html(
        openapi_url=url,
        title=title,
        swagger_js_url=f"{_OFFLINE}/swagger-ui-bundle.js",
        swagger_css_url=f"{_OFFLINE}/swagger-ui.css",
        swagger_favicon_url="/static/icon.svg",
    )
    scripts = re.findall(rb"<script>(.*?)</script>", bytes(page.body), re.DOTALL)
    digests = " ".join(f"'sha256-{base64.b64encode(sha256(script).digest()).decode()}'" for script in scripts)
    page.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self' {digests}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return page
