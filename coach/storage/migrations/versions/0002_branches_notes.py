"""calls that branch off another; notes of the trainee"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("calls", sa.Column("parent", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "notes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("call_id", sa.String(32), sa.ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", json, nullable=False),
    )
    op.create_index("ix_notes_call", "notes", ["call_id", "kind", "created"])


def downgrade() -> None:
    op.drop_table("notes")
    op.drop_column("calls", "parent")
