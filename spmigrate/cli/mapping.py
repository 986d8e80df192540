"""`spmigrate mapping`: workbooks that data owners decide in, and their sign-off. Each task has its own file."""

import click

from spmigrate.cli import mapping_collect, mapping_draft, mapping_issue, mapping_sign


@click.group()
def mapping() -> None:
    """Workbooks that data owners decide in, and their sign-off."""


for _command in (
    mapping_draft.draft,
    mapping_issue.issue,
    mapping_collect.lint,
    mapping_collect.collect,
    mapping_sign.status,
    mapping_sign.sign,
    mapping_sign.verify,
):
    mapping.add_command(_command)
