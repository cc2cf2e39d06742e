from datetime import datetime

def set_cookie_header(
    name: str,
    value: object,
    path: str | None,
    domain: str | None,
    expires: datetime | str | None,
    max_age: int | None,
    secure: bool,
    http_only: bool,
    partitioned: bool,
    same_site: str | None,
) -> str: ...
