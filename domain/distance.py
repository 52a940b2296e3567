"""Distances on the earth, and the box that holds everything within one."""

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius (International Union of Geodesy and Geophysics)."""
KM_PER_MILE = 1.609344


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and longitudes, in degrees. Where it crosses the 180th meridian, `west` is
    greater than `east`."""

    south: float
    north: float
    west: float
    east: float


def km_between(one: Point, other: Point) -> float:
    """The way along the surface in kilometres (a sphere: at most 0.6 % off)."""
    return km_of(haversine_from(one)(other.latitude, other.longitude))


def haversine_from(center: Point) -> Callable[[float, float], float]:
    """Compares many places by their distance from one: takes latitude and longitude, gives the
    haversine, which grows with the distance and is cheaper than it."""
    latitude, longitude = radians(center.latitude), radians(center.longitude)
    narrowing = cos(latitude)

    def haversine(other_latitude: float, other_longitude: float) -> float:
        to = radians(other_latitude)
        up = sin((to - latitude) / 2)
        across = sin((radians(other_longitude) - longitude) / 2)
        return up * up + narrowing * cos(to) * across * across

    return haversine


def km_of(haversine: float) -> float:
    """The kilometres of a haversine."""
    return 2 * EARTH_KM * asin(sqrt(min(1.0, haversine)))


def box_around(center: Point, km: float) -> Box:
    """The smallest box that holds every place within so many kilometres."""
    up = degrees(km / EARTH_KM)
    south, north = center.latitude - up, center.latitude + up
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    # The circle is widest nearer to the pole than its middle.
    reach = sin(km / EARTH_KM) / cos(radians(center.latitude))
    if km / EARTH_KM >= 1 or reach >= 1:
        return Box(south, north, -180.0, 180.0)
    across = degrees(asin(reach))
    return Box(south, north, _turned(center.longitude - across), _turned(center.longitude + across))


def _turned(longitude: float) -> float:
    return (longitude + 180.0) % 360.0 - 180.0
