"""What a finding may show of a telephone number."""


def mask_phone(phone: str) -> str:
    """The first three and the last four of eleven characters; of anything shorter nothing."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"
