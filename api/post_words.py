"""How a post is told in words, on pages and on what visitors of a fair are handed."""


def pay(least: int | None, most: int | None) -> str:
    """4500—6500元/月."""
    if least is None and most is None:
        return "未写明"
    if least is None:
        return f"不超过{most}元/月"
    if most is None:
        return f"{least}元/月以上"
    if most == least:
        return f"{least}元/月"
    return f"{least}—{most}元/月"
