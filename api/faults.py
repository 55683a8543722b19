"""What a log may say of an error: kinds and places. Its words, and the values that were at hand, may be a person's."""

from traceback import extract_tb


def kinds_and_places(error: BaseException) -> list[str]:
    """The error and those that led to it, each by its kind and where it passed through: `file:line function`."""
    told: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        told.append(type(link).__qualname__)
        told += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(link.__traceback__)]
        link = link.__cause__ or link.__context__
    return told
