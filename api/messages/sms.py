"""SMS by a gateway: one call, a template's number and its values. Who has no WeChat is told the same this way."""

from collections.abc import Mapping

import httpx

from api.settings import Settings

_TIMEOUT = httpx.Timeout(5.0, connect=2.0)
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class SmsAway(Exception):
    """The gateway is not there, or says that it is busy: it is asked again later."""


class SmsRefused(Exception):
    """The gateway does not take this one; asking again is useless."""


class SmsUnknown(Exception):
    """The gateway was told and did not answer: the message may be on its way. It is not sent again."""


def send_sms(
    settings: Settings, number: str, telephone: str, template: str, values: Mapping[str, str]
) -> None:
    """Send one message. `number` is the same however often this one is sent: by it a gateway knows it again.

    Raises
    ------
    SmsAway, SmsRefused, SmsUnknown
        where it was not taken, or nobody knows.
    """
    key = settings.sms_key.get_secret_value() if settings.sms_key else ""
    try:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
            answer = client.post(
                settings.sms_url,
                json={"id": number, "telephone": telephone, "template": template, "values": dict(values)},
                headers={"Authorization": f"Bearer {key}"},
            )
    except _NEVER_ARRIVED:
        raise SmsAway from None
    except httpx.HTTPError:
        raise SmsUnknown from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise SmsAway
    if answer.status_code != 200:
        raise SmsRefused
