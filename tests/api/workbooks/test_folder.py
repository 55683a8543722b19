"""The exchange folder in a zip through the real child process: its files in their order, and what is refused, in seconds."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from api.workbooks.limits import Limits, Unreadable
from api.workbooks.reading import sheets

WORKERS = b"worker_id,county\nw1,610728\n"


def zipped(files: Mapping[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(content: bytes, limits: Limits | None = None) -> list[tuple[str, str, int]]:
    return [
        (sheet.name, sheet.aside, len(list(sheet.rows)))
        for sheet in sheets(content, limits, name="market.zip")
    ]


@contextmanager
def refused(reason: str) -> Iterator[None]:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=reason):
        yield
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("folder", ["", "市场/", "market/"])
def test_the_files_come_in_the_order_in_which_they_name_each_other(folder: str) -> None:
    spells = b"worker_id,employer_id,started_on\nw1,e1,2020-01-01\nw2,e1,2020-01-01\n"
    found = read(
        zipped(
            {
                f"{folder}Spells.CSV": spells,
                f"{folder}readme.txt": b"x",
                f"{folder}workers.csv": b"\xef\xbb\xbf" + WORKERS,
                f"{folder}employers.csv": "employer_id,region,name\ne1,320612,南通\n".encode("gbk"),
                f"{folder}deeper/and/deeper/workers.csv": WORKERS,
            }
        )
    )
    assert [(name, rows) for name, aside, rows in found if not aside] == [
        ("workers.csv", 2), ("employers.csv", 2), ("spells.csv", 3),
    ]  # fmt: skip
    assert {name for name, aside, _ in found if aside} == {
        f"{folder}readme.txt", f"{folder}deeper/and/deeper/workers.csv",
    }  # fmt: skip


def test_a_name_written_in_gbk_is_told_in_chinese() -> None:
    content = zipped({"workers.csv": WORKERS, "AAAAAA.txt": b"x"}).replace(
        b"AAAAAA.txt", "说明书".encode("gbk") + b".txt"
    )
    assert read(content)[1][0] == "说明书.txt"


def test_many_other_files_are_counted() -> None:
    found = read(zipped({"workers.csv": WORKERS} | {f"{at}.txt": b"" for at in range(30)}))
    assert len(found) == 22 and found[-1][0] == "其余10个文件"


def test_a_bomb_is_not_opened() -> None:
    with refused("异常巨大"):
        read(zipped({"workers.csv": b"0" * (64 * 1024 * 1024)}))


def test_a_file_beyond_the_limit_is_named() -> None:
    with refused("spells.csv 超过"):
        read(
            zipped({"workers.csv": WORKERS, "spells.csv": b"w1,e1,2020\n" * 200_000}),
            Limits(file=1024 * 1024),
        )


@pytest.mark.parametrize(
    "name", ["../workers.csv", "/workers.csv", "..\\workers.csv", "C:/workers.csv", "a/../../x.txt"]
)
def test_names_that_lead_out_are_refused(name: str) -> None:
    with refused("指向文件夹以外"):
        read(zipped({name: WORKERS, "employers.csv": b"employer_id,region\n"}))


@pytest.mark.parametrize("name", ["workers.csv", "inner.zip"])
def test_a_zip_in_a_zip_is_refused(name: str) -> None:
    with refused("压缩包"):
        read(zipped({name: zipped({"workers.csv": WORKERS}), "employers.csv": b"employer_id,region\n"}))


def test_an_encrypted_one_is_refused() -> None:
    content = bytearray(zipped({"workers.csv": WORKERS}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    with refused("密码"):
        read(bytes(content))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content.replace(b"w1,610728", b"w2,610728"),
    ],
)
def test_a_broken_one_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("workers.csv", WORKERS)
    with refused("损坏"):
        read(spoil(out.getvalue()))


def test_a_file_that_is_there_twice_is_refused() -> None:
    with refused("两个 workers.csv"):
        read(zipped({"workers.csv": WORKERS, "a/workers.csv": WORKERS}))


def test_any_other_zip_is_none() -> None:
    with refused("里面没有交换文件夹的文件"):
        read(zipped({"photo.jpg": b"x"}))


def test_what_is_wrong_in_a_file_is_told_with_its_name() -> None:
    with refused("workers.csv：文字编码"):
        read(zipped({"workers.csv": b"\xff\xff\xff"}))
