"""Days, instants and legal calendars (docs/spec/json.md 3.1, records.md)."""

from onewriting import Fault, Shape

DAY_MIN, DAY_MAX = "1600-01-01", "9999-12-31"


def _digits(s):
    if not s or any(c not in "0123456789" for c in s):
        raise Fault("text", "not digits")
    return int(s)


def days_in(y, m):
    if m == 2:
        return 29 if y % 4 == 0 and (y % 100 != 0 or y % 400 == 0) else 28
    return 30 if m in (4, 6, 9, 11) else 31


def day(s):
    """Checks a day such as 2026-05-31; it may be any from 1600 to 9999."""
    if len(s) != 10 or s[4] != "-" or s[7] != "-":
        raise Fault("text", f"{s!r} is no day")
    y, m, d = _digits(s[:4]), _digits(s[5:7]), _digits(s[8:])
    if not 1 <= m <= 12 or not 1 <= d <= days_in(y, m) or s < DAY_MIN:
        raise Fault("text", f"{s!r} is no day")
    return str(s)


def instant(s):
    """Checks an instant such as 2026-05-31T10:42:07Z."""
    if len(s) != 20 or (s[10], s[13], s[16], s[19]) != ("T", ":", ":", "Z"):
        raise Fault("text", f"{s!r} is no instant")
    day(s[:10])
    if _digits(s[11:13]) > 23 or _digits(s[14:16]) > 59 or _digits(s[17:19]) > 59:
        raise Fault("text", f"{s!r} is no instant")
    return str(s)


def ordinal(d):
    """Days since 1970-01-01."""
    return ordinal_of(int(d[:4]), int(d[5:7]), int(d[8:10]))


def ordinal_of(y, m, n):
    y -= m <= 2
    era, yoe = y // 400, y % 400
    doy = (153 * (m + (-3 if m > 2 else 9)) + 2) // 5 + n - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


def from_ordinal(n):
    n += 719468
    era, doe = n // 146097, n % 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    m = mp + (3 if mp < 10 else -9)
    y = yoe + era * 400 + (m <= 2)
    return f"{y:04d}-{m:02d}-{doy - (153 * mp + 2) // 5 + 1:02d}"


def add_days(d, n):
    """n days later, held within 1600-01-01 and 9999-12-31."""
    o = max(ordinal(DAY_MIN), min(ordinal(DAY_MAX), ordinal(d) + n))
    return from_ordinal(o)


def unix(t):
    """Seconds since 1970 of an instant; none counts as the year 1."""
    if not t:
        return -62135596800
    return ordinal(t[:10]) * 86400 + int(t[11:13]) * 3600 + int(t[14:16]) * 60 + int(t[17:19])


def from_unix(n):
    """The instant n seconds after 1970 began, held within 1600 and 9999."""
    n = max(-11676096000, min(253402300799, n))
    d, s = divmod(n, 86400)
    return f"{from_ordinal(d)}T{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}Z"


def add_seconds(t, n):
    return from_unix(unix(t) + n)


OFFSET_MAX = 14 * 60  # minutes


def is_turn(x):
    return 1 <= x["month"] <= 12 and 1 <= x["sunday"] <= 5 and 0 <= x["at"] < 1440


def is_row(row):
    """Whether a board may have this row in its calendar."""
    d = row["daylight"]
    if not row["from"] or abs(row["minutes"]) > OFFSET_MAX:
        return False
    if d is None:
        return True
    turns = is_turn(d["begin"]) and is_turn(d["end"]) and d["begin"]["month"] != d["end"]["month"]
    return turns and abs(d["minutes"]) <= OFFSET_MAX


def turn(x, year, minutes):
    """The second of a turn in a year, by clocks that show so many minutes more than UTC."""
    first = ordinal_of(year, x["month"], 1)
    # 1970-01-04, three days after day 0, was a Sunday.
    sundays = [n for n in range(first, first + days_in(year, x["month"])) if n % 7 == 3]
    return sundays[min(x["sunday"], len(sundays)) - 1] * 86400 + 60 * (x["at"] - minutes)


def offset(calendar, t):
    """Local time minus UTC in minutes by a board's calendar; None counts as UTC."""
    rows = calendar["rows"] if calendar else []
    if not rows:
        return 0
    begun = [row for row in rows if row["from"] <= t]
    if not begun:
        return rows[0]["minutes"]
    row = begun[-1]
    standard, d = row["minutes"], row["daylight"]
    if d is None or not is_row(row):
        return standard
    now = unix(t)
    year = int(from_ordinal((now + 60 * standard) // 86400)[:-6])
    begin, end = turn(d["begin"], year, standard), turn(d["end"], year, d["minutes"])
    summer = begin <= now < end if begin <= end else not end <= now < begin
    return d["minutes"] if summer else standard


def legal_day(calendar, t):
    """The day at an instant by a board's calendar."""
    return from_ordinal(max(ordinal(DAY_MIN), min(ordinal(DAY_MAX), (unix(t) + 60 * offset(calendar, t)) // 86400)))


DAY = Shape("a day", str, "", day)
INSTANT = Shape("an instant", str, "", instant)
