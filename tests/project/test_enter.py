"""What Enter presses: the first button of a form. Where there are several, the form says which that is."""

import re
from pathlib import Path

TEMPLATES = Path("api/pages/templates")
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_BUTTON = re.compile(r"<button\b[^>]*>|\{\{ ?no_enter\(\) ?\}\}")
_TYPED = re.compile(r'<input\b(?![^>]*type="hidden")|\{\{ ?\w+_fields\(|\{% (call|include)')


def _buttons(page: str, form: str) -> list[str]:
    found = [one for one in _BUTTON.findall(form) if 'type="button"' not in one]
    name = re.match(r'<form\b[^>]*\bid="([^"]+)"', form)
    return found + (re.findall(rf'<button\b[^>]* form="{name[1]}"[^>]*>', page) if name else [])


def undeclared(page: str) -> list[str]:
    """Forms of a template with fields and several buttons of which the first is neither the one that does nothing
    (`no_enter`) nor marked `data-enter`: meant by whoever presses Enter in any of its fields, and harmless."""
    return [
        form[:120]
        for form in _FORM.findall(page)
        if _TYPED.search(form)
        and len(buttons := _buttons(page, form)) > 1
        and not (buttons[0].startswith("{{") or "data-enter" in buttons[0])
    ]


def test_no_form_leaves_open_what_enter_presses() -> None:
    pages = {path.name: path.read_text() for path in TEMPLATES.rglob("*.html")}
    assert {name: found for name, page in pages.items() if (found := undeclared(page))} == {}
    declared = sum("no_enter()" in page for page in pages.values())
    assert declared > 5, "the macro is known by its name"
    wrong = '<form action="/pay"><input name="reason"><button>审批</button><button>发放</button></form>'
    assert undeclared(wrong), "the map sees one that does not say so"
