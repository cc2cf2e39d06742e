"""Dates as HTTP writes them."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def http_date(fields):
    """The date of RFC 9110 section 5.6.7 for ``fields`` as time.gmtime() gives them (UTC)."""
    year, month, day, hour, minute, second, weekday = fields[:7]
    return "%s, %02d %s %04d %02d:%02d:%02d GMT" % (
        _DAYS[weekday], day, _MONTHS[month - 1], year, hour, minute, second,
    )  # fmt: skip
