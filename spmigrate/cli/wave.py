"""`spmigrate wave`: move what is signed, and say what happened to every file. Each task has its own file."""

import click

from spmigrate.cli import (
    view,
    wave_board,
    wave_control,
    wave_cutover,
    wave_ending,
    wave_evidence,
    wave_plan,
    wave_rounds,
    wave_run,
    wave_status,
    wave_verify,
)


@click.group(cls=view.InOrder)
def wave() -> None:
    """Move signed rows, verify them and account for every file."""


for _command in (
    wave_plan.plan,
    wave_run.run,
    wave_control.pause,
    wave_control.continue_,
    wave_control.cancel,
    wave_control.retry,
    wave_status.status,
    wave_board.board,
    wave_verify.verify,
    wave_rounds.delta,
    wave_cutover.steps,
    wave_cutover.record,
    wave_cutover.go,
    wave_cutover.freeze,
    wave_ending.redirect,
    wave_ending.waive,
    wave_ending.accept,
    wave_ending.rollback,
    wave_evidence.evidence,
    wave_evidence.report,
):
    wave.add_command(_command)
