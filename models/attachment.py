"""佐证附件: the paper itself, as a file sealed under the person's key."""

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import BIG, Row, coded
from models.coded import Coded


class FileSort(Coded):
    """What a file is, told by its content."""

    PDF = "pdf", "PDF文件"
    JPEG = "jpeg", "照片（JPEG）"
    PNG = "png", "图片（PNG）"
    XLSX = "xlsx", "Excel工作簿"
    DOCX = "docx", "Word文档"

    @property
    def media_type(self) -> str:
        """What it is called on the web."""
        return _MEDIA[self.value]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
}


class Attachment(Row, table=True):
    """附件. Name and bytes are sealed under the person's key; when that is destroyed nothing of them can be read.

    `sealed_sha256` covers the sealed bytes, so that it tells nothing of what they say. `digest` is keyed and of this
    person: the same file is not kept twice with one proof. `excerpt`: the person's own rows of a list of many.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("evidence_id", "digest", name="uq_attachment_once"),
        CheckConstraint("size > 0", "not_empty"),
    )

    evidence_id: int = Field(foreign_key="evidence.id", sa_type=BIG)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    sort: FileSort = Field(sa_type=coded(FileSort), nullable=False)
    size: int
    excerpt: bool = False
    name_sealed: bytes = Field(sa_type=LargeBinary)
    sealed_sha256: bytes = Field(sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary)


class AttachmentPart(SQLModel, table=True):
    """A piece of the file, sealed."""

    __tablename__ = "attachment_part"

    attachment_id: int = Field(primary_key=True, foreign_key="attachment.id", sa_type=BIG)
    part: int = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
