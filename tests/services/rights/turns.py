"""Where the law turns: the days on which a right, a rule of time or an amount says otherwise than
the day before."""

from datetime import date, timedelta

DAY = timedelta(days=1)


def years_from(day, years):
    """The same day in another year; 1 March for 29 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def month_first(day, later=0):
    """The first day of the month of a day, or of one so many months later."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def quarter_first(day, later=0):
    """The first day of the quarter of a day, or of one so many quarters later."""
    return month_first(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3 * later)


def conditions(told):
    """A condition with all in it."""
    yield told
    for part in told.parts:
        yield from conditions(part)


def limits_of(version):
    """The amounts that decide in a version of a right."""
    for told in conditions(version.condition):
        yield from (name for name in (told.below, told.at_least, told.further) if name)


def days_of_law(law, right):
    """The days on which the law of a right changes, each with the day before."""
    found = set()
    for version in right.versions:
        found |= {version.begins, version.begins - DAY}
        if version.ends is not None:
            found |= {version.ends, version.ends + DAY}
        for name in limits_of(version):
            turns = [one.begins for one in law.series[name].amounts]
            found |= {day - shift for day in turns for shift in (0 * DAY, DAY)}
    return sorted(found)


def days_of_year(year):
    """The days of a year on which some rule of time turns."""
    last = date(year, 3, 1) - DAY
    quarters = [date(year, month, 1) for month in (4, 7, 10)]
    june = date(year, 6, 1)
    return [
        date(year, 1, 1),
        date(year, 12, 31),
        last,
        last + DAY,
        june,
        june - DAY,
        *quarters,
        *(one - DAY for one in quarters),
        date(year, 5, 17),
        date(year, 11, 30),
    ]


def begins_of(rule, day):
    """The first days of facts that by a rule are just enough, or just not, on a day."""
    return [*_tested(rule, day), *_granted(rule, day)]


def ends_of(rule, day):
    """The last days of such facts."""
    return [one - DAY for one in begins_of(rule, day)] + _lasting(rule, day)


def _year(day, rule):
    return day.year - (rule.grants == "FROM_1_JUN_TO_31_MAY" and day.month < 6)


def _tested(rule, day):
    match rule.test:
        case "ON_1_JAN":
            return [date(_year(day, rule), 1, 1)] * 2 + [date(_year(day, rule) + 1, 1, 1)]
        case "ON_1_JAN_OF_YEAR_BEFORE":
            return [date(day.year - 1, 1, 1), date(day.year - 1, 1, 1), date(day.year, 1, 1)]
        case "ANY_DAY_IN_QUARTER":
            return [quarter_first(day), quarter_first(day, 1)]
        case "CONSECUTIVE_FULL_MONTHS":
            year = date(day.year - 1, 1, 1)
            return [
                month_first(day, -rule.times),
                month_first(day, -rule.times),
                month_first(day, -rule.times - 1),
                month_first(day, 1 - rule.times),
                month_first(year, 1 - rule.times),
                month_first(year, -rule.times),
            ]
        case "CONSECUTIVE_YEARS":
            return [years_from(day, -rule.times)] * 2
    return [day]


def _granted(rule, day):
    year = date(day.year, 1, 1)
    match rule.grants:
        case "FROM_QUARTER_OF_DECISION_TO_31_DEC":
            after = quarter_first(day, 1)
            return [quarter_first(day), after, after - DAY, year, day]
        case "UNTIL_31_DEC":
            return [year, date(day.year + 1, 1, 1)]
        case "YEARS":
            return [years_from(day, -rule.years * times) for times in (1, 2, 1)]
    return []


def _lasting(rule, day):
    """The last days on which something must have been so to serve still."""
    match rule.grants:
        case "FROM_QUARTER_OF_DECISION_TO_31_DEC" | "UNTIL_31_DEC":
            year = date(day.year, 1, 1)
            return [year - DAY, year, quarter_first(day), max(year, day - 30 * DAY)]
        case "UNTIL_31_DEC_OF_NEXT_YEAR":
            if rule.test == "CONSECUTIVE_FULL_MONTHS":
                year = date(day.year - 1, 1, 1)
                return [
                    year - DAY,
                    month_first(year, 1) - DAY,
                    month_first(day) - DAY,
                    month_first(day, -1) - DAY,
                ]
            return [date(day.year - 2, 12, 31), date(day.year - 1, 1, 1)]
        case "YEARS":
            return [years_from(day, -rule.years), years_from(day, -rule.years) - DAY]
    if rule.test == "CONSECUTIVE_YEARS":
        return [day, day - DAY]
    return []


def days_of_household(rule, kept, day):
    """The days on which coming to a household, or leaving it, decides."""
    found = [one for one in _tested(rule, day) for _ in range(2)]
    if kept is not None and kept.test == "TO_31_DEC":
        found += [date(day.year, 1, 1), day]
    if kept is not None and kept.test == "QUARTERS":
        found += [quarter_first(day, later) for later in (-kept.times, -kept.times, 0, 1)]
        found += [quarter_first(day, -kept.times - 1), quarter_first(day, 1 - kept.times)]
    return found
