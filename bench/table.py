"""The rows, their targets, and the table of both."""

from dataclasses import asdict, dataclass, field

FIRN, PEER, FLOOR = "firn", "peer", "floor"


@dataclass
class Target:
    """A bound for a row's figure ``of``.

    ``relation``: ">=" or "<="; ``bound``: a number; ``to``: the figure that it is a multiple of,
    None for a bound in the row's own unit.
    """

    relation: str
    bound: float
    to: str = None
    of: str = FIRN

    def text(self):
        """The target as people write it, e.g. ">= 8 x peer"."""
        bound = number(self.bound)
        return "%s %s%s" % (self.relation, bound, " x " + self.to if self.to else "")

    def value(self, figures):
        """The ratio (or the bare figure) to compare with the bound; None where one is missing."""
        ours = figures.get(self.of)
        if ours is None or self.to is None:
            return ours
        other = figures.get(self.to)
        return ours / other if other else None

    def met(self, figures):
        """True, False, or None where there is nothing to compare."""
        value = self.value(figures)
        if value is None:
            return None
        return value >= self.bound if self.relation == ">=" else value <= self.bound


@dataclass
class Row:
    """One line of the table.

    ``place``: what it was measured on; ``what``; ``unit``; ``figures``: {contestant: number};
    ``targets``: list of Target; ``note``: settings, and what went wrong; ``runs``: every single
    figure behind those, {contestant: [numbers]}.
    """

    place: str
    what: str
    unit: str
    figures: dict
    targets: list = field(default_factory=list)
    note: str = ""
    runs: dict = field(default_factory=dict)

    def as_dict(self):
        """What is written to the JSON file, verdicts included."""
        row = asdict(self)
        for entry, target in zip(row["targets"], self.targets):
            value = target.value(self.figures)
            entry["value"] = None if value is None else round(value, 4)
            entry["met"] = target.met(self.figures)
        return row


HEAD = ("on", "what", "unit", "firn", "peer", "floor", "figure or ratio", "target", "verdict")


def number(value):
    """A number with the digits that mean something; thousands are set apart by a space."""
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return ("%.2f" % value).rstrip("0").rstrip(".")


def verdict(met):
    """The word for Target.met's answer."""
    return {True: "met", False: "MISSED", None: "no figure"}[met]


def lines(rows):
    """The table's cells (tuples of text like HEAD): one line per target, at least one per row."""
    found = []
    for row in rows:
        start = (row.place, row.what, row.unit)
        start += tuple(number(row.figures.get(name)) for name in (FIRN, PEER, FLOOR))
        for target in row.targets or [None]:
            if target is None:
                found.append((*start, "", "", ""))
            else:
                ratio = number(target.value(row.figures))
                if target.to and ratio != "-":
                    ratio += " x " + target.to
                found.append((*start, ratio, target.text(), verdict(target.met(row.figures))))
            start = ("",) * len(start)
    return found


def markdown(rows):
    """The table in Markdown, columns aligned."""
    cells = [HEAD, *lines(rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    numeric = range(3, 7)

    def text(line):
        parts = [
            cell.rjust(width) if column in numeric else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ]
        return "| " + " | ".join(parts) + " |"

    ruler = ["-" * (width - 1) + (":" if c in numeric else "-") for c, width in enumerate(widths)]
    notes = ["- %s, %s: %s" % (row.place, row.what, row.note) for row in rows if row.note]
    table = [text(HEAD), "| " + " | ".join(ruler) + " |", *map(text, cells[1:])]
    return "\n".join(table + ([""] + notes if notes else [])) + "\n"


def missed(rows):
    """How many targets are not met, those without a figure included."""
    return sum(target.met(row.figures) is not True for row in rows for target in row.targets)
