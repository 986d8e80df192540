"""`spmigrate mapping`: workbooks that data owners decide in, and their sign-off. Each task has its own file."""

import click

from spmigrate.cli import (
    mapping_collect,
    mapping_draft,
    mapping_evidence,
    mapping_exchange,
    mapping_gate,
    mapping_issue,
    mapping_sign,
    view,
)


@click.group(cls=view.InOrder)
def mapping() -> None:
    """Workbooks that data owners decide in, and their sign-off."""


for _command in (
    mapping_draft.draft,
    mapping_exchange.import_,
    mapping_issue.issue,
    mapping_exchange.answer,
    mapping_exchange.compare,
    mapping_collect.lint,
    mapping_collect.collect,
    mapping_gate.status,
    mapping_sign.sign,
    mapping_sign.countersign,
    mapping_sign.lock,
    mapping_sign.unlock,
    mapping_sign.withdraw,
    mapping_sign.reconfirm,
    mapping_gate.gate_,
    mapping_evidence.evidence,
    mapping_evidence.verify,
):
    mapping.add_command(_command)
