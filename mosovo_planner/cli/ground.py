"""What a force brings in once, shared by all workspaces: postcodes and roads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mosovo_planner.cli.words import (
    show,
)


def gazetteer(
    files: Annotated[list[Path], typer.Argument(help="Code-Point Open, NSPL or ONSPD (.zip, .csv, .csv.gz), or pcds,lat,long.")],
) -> None:
    """Import postcodes into your data folder; not personal data, shared by all workspaces."""
    from mosovo_planner.office.ground import add_gazetteer

    summary = add_gazetteer(files, show)
    typer.echo(
        f"Imported {summary.units:,} postcodes, {summary.live:,} live and {summary.terminated:,} terminated; "
        f"{summary.without_position + summary.skipped:,} rows could not be used. {summary.attribution}"
    )
    for example in summary.examples:
        typer.echo(f"  not used: {example}")


def roads(file: Annotated[Path, typer.Argument(help="An OpenStreetMap extract, .osm.pbf.")]) -> None:
    """Import a road network for travel times and the map."""
    from mosovo_planner.office.ground import add_roads

    summary = add_roads(file, show)
    typer.echo(f"Imported {summary.name}: {summary.junctions:,} junctions, {summary.drives:,} drives. {summary.attribution}")
