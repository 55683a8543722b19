"""SMS by a gateway: one call, a template's number and its values. Who has no WeChat is told the same this way."""

from collections.abc import Mapping

import httpx

from api.settings import Settings

_TIMEOUT = httpx.Timeout(5.0, connect=2.0)


class SmsAway(Exception):
    """The gateway does not answer, or is busy: it is asked again later."""


class SmsRefused(Exception):
    """The gateway does not take this one; asking again is useless."""


def send_sms(settings: Settings, telephone: str, template: str, values: Mapping[str, str]) -> None:
    """Send one message.

    Raises
    ------
    SmsAway, SmsRefused
        where it was not taken.
    """
    key = settings.sms_key.get_secret_value() if settings.sms_key else ""
    try:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
            answer = client.post(
                settings.sms_url,
                json={"telephone": telephone, "template": template, "values": dict(values)},
                headers={"Authorization": f"Bearer {key}"},
            )
    except httpx.HTTPError:
        raise SmsAway from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise SmsAway
    if answer.status_code != 200:
        raise SmsRefused
