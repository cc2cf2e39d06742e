class Cell:
    id: str
    index: int
    name: str
    kind: str
    code: str
    line: int
    defs: tuple[str, ...]
    refs: tuple[str, ...]
    deletes: tuple[str, ...]
    privates: tuple[str, ...]
    is_async: bool
    disabled: bool
    hide_code: bool
    error: str | None
    def __init__(self, name: str) -> None: ...
    @property
    def markdown(self) -> str | None: ...
