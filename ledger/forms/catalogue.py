"""Every form, in the order in which a list is held against them."""

from ledger.forms.column import Form
from ledger.forms.exchange import EXCHANGE
from ledger.forms.national import NATIONAL
from ledger.forms.posts import POSTS
from ledger.forms.proofs import PAYROLL, SOCIAL_INSURANCE, STAFF
from ledger.forms.roster import ROSTER
from models.intake import ImportKind

ALL_FORMS: tuple[Form, ...] = (*EXCHANGE, SOCIAL_INSURANCE, PAYROLL, STAFF, POSTS, *NATIONAL, ROSTER)

FORMS: dict[ImportKind, Form] = {form.kind: form for form in ALL_FORMS if not form.file}
"""The form of each kind of file; the exchange folder has one for each of its files (`form_named`)."""

_BY_CODE = {form.code: form for form in ALL_FORMS}


def form_named(code: str) -> Form:
    """The form with this code: away, roster, exchange/workers.

    Raises
    ------
    KeyError
        for any other.
    """
    return _BY_CODE[code]
