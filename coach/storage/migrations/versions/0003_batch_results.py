"""runs of batches, their results, and the answers of provider batches"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "batch_runs",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conditions", json, nullable=False),
    )
    op.create_table(
        "batch_results",
        sa.Column("run_id", sa.String(64), sa.ForeignKey("batch_runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("record", sa.String(200), primary_key=True),
        sa.Column("content", sa.String(32), nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "batch_answers",
        sa.Column("run_id", sa.String(64), sa.ForeignKey("batch_runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("request", sa.String(64), primary_key=True),
        sa.Column("job", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("ix_batch_answers_job", "batch_answers", ["run_id", "job"])


def downgrade() -> None:
    op.drop_table("batch_answers")
    op.drop_table("batch_results")
    op.drop_table("batch_runs")
