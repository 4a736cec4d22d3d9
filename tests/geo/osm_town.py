"""An invented little town of roads, written as an OpenStreetMap file.

1 ---- 2 ---- 3 ---- 4        High Road, primary, 4 points some 0.7 km apart
       |      |
       5 ---> 6               Back Lane, one way from 5 to 6
              |
              7 ---- 8        Farm Lane, a long lane
20 -- 21                      a piece that joins nothing
"""

from __future__ import annotations

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

POINTS = {
    1: (-1.80, 51.50), 2: (-1.79, 51.50), 3: (-1.78, 51.50), 4: (-1.77, 51.50), 5: (-1.79, 51.49), 6: (-1.78, 51.49),
    7: (-1.78, 51.48), 8: (-1.74, 51.48), 20: (-1.95, 51.40), 21: (-1.94, 51.40), 30: (-1.785, 51.495), 31: (-1.76, 51.52),
}  # fmt: skip
WAYS = (
    ((1, 2, 3, 4), {"highway": "primary", "ref": "A999", "maxspeed": "60 mph"}),
    ((2, 5), {"highway": "residential", "name": "Down Street"}),
    ((5, 6), {"highway": "residential", "name": "Back Lane", "oneway": "yes"}),
    ((6, 3), {"highway": "residential", "name": "Up Street"}),
    ((6, 7, 8), {"highway": "unclassified", "name": "Farm Lane"}),
    ((20, 21), {"highway": "residential"}),
    ((4, 31), {"highway": "residential", "access": "private"}),
    ((3, 31), {"highway": "footway"}),
)


def write_town(path: Path) -> Path:
    """Write the town; the suffix chooses the form (.osm or .osm.pbf)."""
    writer = osmium.SimpleWriter(str(path))
    try:
        for number, place in POINTS.items():
            tags = {"place": "village", "name": "Inventon", "population": "1,234"} if number == 30 else {}
            writer.add_node(Node(id=number, location=place, tags=tags, version=1))
        for number, (nodes, tags) in enumerate(WAYS, start=1):
            writer.add_way(Way(id=number, nodes=list(nodes), tags=tags, version=1))
    finally:
        writer.close()
    return path
