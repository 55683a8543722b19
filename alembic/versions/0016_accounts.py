"""accounts: who looks after them, stations, keys, attempts to log in, the second factor, counted look-ups

Revision: 0016, after 0015.
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KINDS = ("session", "bearer", "login_link")


def secure(revision: str) -> None:
    """Row security, grants, triggers and doors as they were declared at `revision`, in the place of all there are."""
    folder = Path(__file__).parent.parent / "security"
    for name in ("none", revision):
        # Without parameters, so that a percent sign is one.
        op.get_bind().connection.cursor().execute((folder / f"{name}.sql").read_text(encoding="utf-8"))


def _kinds(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_access_token_token_kind"), "access_token", type_="check")
    told = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_access_token_token_kind"), "access_token", f"kind IN ({told})")


def upgrade() -> None:
    secure("none")
    op.alter_column("account", "username", existing_type=sa.String(length=50), nullable=True)
    op.add_column("account", sa.Column("kept_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index(op.f("ix_account_kept_by"), "account", ["kept_by"], unique=False)
    op.create_foreign_key(op.f("fk_account_kept_by_region"), "account", "region", ["kept_by"], ["code"])
    op.create_check_constraint(
        op.f("ck_account_password_with_name"), "account", "password_hash IS NULL OR username IS NOT NULL"
    )
    op.execute(
        "UPDATE account SET kept_by = (SELECT region FROM account_binding "
        "WHERE account_id = account.id AND region IS NOT NULL ORDER BY id LIMIT 1)"
    )
    op.add_column("account_binding", sa.Column("station_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_account_binding_station_id_service_station"),
        "account_binding",
        "service_station",
        ["station_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_account_binding_station_of_a_station"),
        "account_binding",
        "station_id IS NULL OR role = 'station'",
    )
    op.create_check_constraint(
        op.f("ck_account_binding_employer_of_no_region"),
        "account_binding",
        "employer_id IS NULL OR (role = 'employer' AND region IS NULL)",
    )
    _kinds(*_KINDS, "api_key", "invitation", "second_step")
    for name, length in (("name", 100), ("prefix", 12)):
        op.add_column(
            "access_token",
            sa.Column(
                name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False, server_default=""
            ),
        )
        op.alter_column("access_token", name, server_default=None)
    op.add_column("access_token", sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column(
        "access_token", sa.Column("read_only", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("access_token", "read_only", server_default=None)
    op.create_check_constraint(
        op.f("ck_access_token_prefix_of_a_key"), "access_token", "(kind = 'api_key') = (prefix <> '')"
    )
    op.create_check_constraint(
        op.f("ck_access_token_areas_of_a_key"), "access_token", "(kind = 'api_key') = (areas IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("ck_access_token_only_keys_read_only"), "access_token", "kind = 'api_key' OR NOT read_only"
    )
    op.create_table(
        "token_use",
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["access_token.id"], name=op.f("fk_token_use_token_id_access_token")
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_token_use")),
    )
    op.execute("INSERT INTO token_use (token_id) SELECT id FROM access_token")
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_index", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "failed",
                "right",
                "half",
                "forgiven",
                name="login_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_login_attempt_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index(op.f("ix_login_attempt_account_id"), "login_attempt", ["account_id"], unique=False)
    op.create_index("ix_login_attempt_name", "login_attempt", ["name_index", "created_at"], unique=False)
    op.create_index(
        "ix_login_attempt_address", "login_attempt", ["address_index", "created_at"], unique=False
    )
    op.create_table(
        "second_factor",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("master_key_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("recovery_hashes", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_second_factor_steps_since_the_epoch")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("account_id", name=op.f("uq_second_factor_account_id")),
    )
    op.create_table(
        "number_lookup",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "hand", "file", name="lookup_means", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_number_lookup_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "day", "means", name=op.f("pk_number_lookup")),
    )
    secure("0016")


def downgrade() -> None:
    secure("none")
    for table in ("number_lookup", "second_factor", "login_attempt", "token_use"):
        op.drop_table(table)
    op.execute("DELETE FROM access_token WHERE kind IN ('api_key', 'invitation', 'second_step')")
    for name in ("only_keys_read_only", "areas_of_a_key", "prefix_of_a_key"):
        op.drop_constraint(op.f(f"ck_access_token_{name}"), "access_token", type_="check")
    for name in ("read_only", "areas", "prefix", "name"):
        op.drop_column("access_token", name)
    _kinds(*_KINDS)
    for name in ("employer_of_no_region", "station_of_a_station"):
        op.drop_constraint(op.f(f"ck_account_binding_{name}"), "account_binding", type_="check")
    op.drop_column("account_binding", "station_id")
    op.drop_constraint(op.f("ck_account_password_with_name"), "account", type_="check")
    op.drop_column("account", "kept_by")
    # Whoever was invited and never came has no name to log in by.
    op.execute("UPDATE account SET username = 'invited-' || id WHERE username IS NULL")
    op.alter_column("account", "username", existing_type=sa.String(length=50), nullable=False)
    secure("0015")
