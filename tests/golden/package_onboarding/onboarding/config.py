"""What the service looks like."""

from __future__ import annotations

from typing import Final

__all__ = ["DOMAIN", "HOURS", "REGIONS", "SENDER", "quota_bytes"]

DOMAIN: Final = "example.org"
SENDER = f"welcome@{DOMAIN}"

MINUTE = 60
HOURS = 60 * MINUTE

# Where tenants may live, the nearest data centre first.
REGIONS = {
    "eu": ("fra", "ams"),
    "us": ("iad", "pdx"),
}
ALL_CENTRES = [centre for region in REGIONS.values() for centre in region]

_GIGABYTE = 1024**3


def quota_bytes(gigabytes: int) -> int:
    """Return a quota as the storage counts it."""
    return gigabytes * _GIGABYTE
