"""Allocation, rounds, a year played, and problem files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mosovo_planner.cli.words import (
    Cluster,
    Day,
    Out,
    PassphraseFile,
    User,
    Workers,
    Workspace,
    day_of,
    show,
    signed_in,
    write,
)


def allocate(
    workspace: Workspace,
    user: User,
    out: Annotated[Path | None, typer.Option("--out", help="Write the proposal as JSON.")] = None,
    passphrase_file: PassphraseFile = None,
    as_of: Day = None,
    approve: Annotated[bool, typer.Option("--approve", help="Make the proposal the allocation.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is right; needed to approve.")] = "",
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Time for the search.")] = 15.0,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Propose (and approve) an allocation by location."""
    from mosovo_planner.office.allocation import approve_allocation, propose_allocation
    from mosovo_planner.office.answers import allocation_json

    def work(session: Any) -> None:
        proposed = propose_allocation(session, day_of(as_of), show, seconds, workers=workers, cluster=cluster)
        if out is not None:
            write(out, allocation_json(proposed))
        if approve:
            approve_allocation(session, proposed, reason)
        proposal = proposed.proposal
        typer.echo(
            f"{'Approved' if approve else 'Proposed'}: {len(proposal.moves)} moves; travel {proposal.travel_before / 60:.0f} to "
            f"{proposal.travel_after / 60:.0f} hours a year; {len(proposal.unallocated)} not allocated."
        )

    signed_in(workspace, user, passphrase_file, work)


def plan(
    workspace: Workspace,
    user: User,
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=4)] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Write the plan as JSON.")] = None,
    passphrase_file: PassphraseFile = None,
    approve: Annotated[bool, typer.Option("--approve", help="Make the proposal the team's plan.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="A note on the approval.")] = "",
    seed: Annotated[int | None, typer.Option("--seed", help="Make a plan again from its seed.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Time for the search.")] = 20.0,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Propose (and approve) one to four weeks of paired visits."""
    from mosovo_planner.office.answers import plan_json
    from mosovo_planner.office.plans import approve_plan, propose_plan

    def work(session: Any) -> None:
        proposed = propose_plan(session, start.date(), weeks, show, seed=seed, seconds=seconds, workers=workers, cluster=cluster)
        if out is not None:
            write(out, plan_json(proposed))
        if approve:
            approve_plan(session, proposed, reason)
        made = proposed.plan
        typer.echo(
            f"{'Approved' if approve else 'Proposed'}: {made.visits} visits in {len(made.rounds)} rounds, "
            f"{made.drive_minutes} minutes driving; {len(made.unplanned)} due visits not planned, each with its reason."
        )

    signed_in(workspace, user, passphrase_file, work)


def simulate(
    workspace: Workspace,
    user: User,
    out: Out,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=260)] = 52,
    passphrase_file: PassphraseFile = None,
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, else next Monday.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The chance of the year; the same seed plays it again.")] = 1,
    runs: Annotated[int, typer.Option("--runs", min=1, max=20, help="How many years of chance; several give a spread.")] = 1,
    target: Annotated[
        float | None, typer.Option("--target", help="Also find how many officers make this share in time, such as 0.98.")
    ] = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Play a year, week by week, under several ways of working; find the officers a force needs."""
    from mosovo_planner.office.simulation import simulate_workspace

    def work(session: Any) -> None:
        day = start.date() if start else None
        answer = simulate_workspace(session, day, weeks, seed, show, runs=runs, target=target, workers=workers, cluster=cluster)
        write(out, answer)
        for scenario in answer["scenarios"]:
            said = scenario["summary"]
            in_time = "nothing fell due" if said["done_in_time_share"] is None else f"{said['done_in_time_share']:.0%} in time"
            typer.echo(f"{scenario['name'].replace('_', ' ')}: {in_time}, {said['worst_days_overdue']} days late at worst.")
        if "strength" in answer:
            typer.echo(answer["strength"]["why"])

    signed_in(workspace, user, passphrase_file, work)


def solve(
    problem: Annotated[Path, typer.Argument(help="A mosovo-allocation-problem/1 or mosovo-visits-problem/1 file.")],
    out: Out,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1)] = 30.0,
    seed: Annotated[int, typer.Option("--seed")] = 1,
) -> None:
    """Solve one problem file without a workspace."""
    from mosovo_planner.office.problems import solve_file

    write(out, solve_file(problem, seconds, seed, show))
