"""The sites around a place on the map. Where somebody is comes in with the question and is gone with the answer: it is neither
written down nor kept.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from django.db import connection

from committees.directory.models import State

#: Looked for in circles of so many kilometres, until there is something to choose from.
CIRCLES = (3, 10, 30, 100)
ENOUGH, MOST = 10, 40
#: Kilometres from one degree of latitude to the next.
_DEGREE = 111.2

# The index knows points in degrees; the distance is that on the sphere (haversine).
_AROUND = """
SELECT id, km FROM (
    SELECT id, 2 * 6371.0 * asin(least(1, sqrt(
        power(sin(radians(latitude::float8 - %(lat)s) / 2), 2)
        + cos(radians(%(lat)s)) * cos(radians(latitude::float8)) * power(sin(radians(longitude::float8 - %(lon)s) / 2), 2)
    ))) AS km
    FROM directory_workplace
    WHERE latitude IS NOT NULL AND state = %(state)s
      AND (point(longitude::float8, latitude::float8) <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
        OR point(longitude::float8, latitude::float8) <@ box(point(%(west)s + %(turn)s, %(south)s), point(%(east)s + %(turn)s, %(north)s)))
) AS around WHERE km <= %(circle)s ORDER BY km, id LIMIT %(most)s
"""


class Hit(NamedTuple):
    """A site, and how many kilometres it is away as the crow flies."""

    id: int
    km: float


def around(latitude: float, longitude: float) -> list[Hit]:
    """The listed sites nearest to a place (degrees north and east, WGS 84), the nearest first: at most 40, within 100 km.

    Sites of which nobody has said where they are on the map are not among them.
    """
    found: list[Hit] = []
    for circle in CIRCLES:
        found = _within(circle, latitude, longitude)
        if len(found) >= ENOUGH:
            break
    return found


def _within(circle: int, latitude: float, longitude: float) -> list[Hit]:
    high = circle / _DEGREE
    # Towards the poles a degree of longitude is short; where the circle holds a pole it goes all the way round.
    shrunk = math.cos(math.radians(min(90.0, abs(latitude) + high)))
    wide = 180.0 if shrunk <= high / 180 else min(180.0, high / shrunk)
    west, east = longitude - wide, longitude + wide
    turn = 360.0 if west < -180 else -360.0 if east > 180 else 0.0  # over the line where the days meet
    asked = {"lat": latitude, "lon": longitude, "south": latitude - high, "north": latitude + high, "west": west, "east": east, "turn": turn}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {**asked, "state": State.LISTED.value, "circle": circle, "most": MOST})
        return [Hit(*row) for row in cursor.fetchall()]
