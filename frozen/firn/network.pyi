from typing import TypedDict

from .config import Section

class AccessPointValues(TypedDict):
    ssid: str
    address: str
    clients: int

class Values(TypedDict):
    state: str
    ssid: str | None
    address: str | None
    rssi: int | None
    access_point: AccessPointValues | None
    hostname: str | None

def start(section: Section) -> None: ...
async def run() -> None: ...
def values() -> Values: ...
async def scan() -> list[tuple[str, int, bool]]: ...
def via_access_point(address: str) -> bool: ...
def is_captive() -> bool: ...
