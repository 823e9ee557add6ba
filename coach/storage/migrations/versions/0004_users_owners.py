"""users; whose call it is"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("calls", sa.Column("trainee", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_calls_trainee", "calls", ["trainee", "created"])


def downgrade() -> None:
    op.drop_index("ix_calls_trainee", "calls")
    op.drop_column("calls", "trainee")
    op.drop_table("users")
