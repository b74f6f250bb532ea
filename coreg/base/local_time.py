"""What a file says in UTC, as the clock on the wall said it: files keep UTC."""

import datetime as dt


def local(utc: str, zone: dt.tzinfo) -> dt.datetime | None:
    """Return a moment in the zone of whoever reads it; None where it is no moment.

    Parameters
    ----------
    utc : str
        ISO 8601, as files have it; UTC where it names no zone.
    zone : tzinfo

    Examples
    --------
    >>> summer = dt.timezone(dt.timedelta(hours=2))
    >>> local("2026-07-01T22:30:00+00:00", summer).isoformat(" ", "minutes")
    '2026-07-02 00:30+02:00'
    >>> local("some evening", summer)
    """
    try:
        when = dt.datetime.fromisoformat(utc)
        return (when if when.tzinfo else when.replace(tzinfo=dt.UTC)).astimezone(zone)
    except (OSError, OverflowError, ValueError):
        return None
