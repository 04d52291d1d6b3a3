"""From a layout to SQL: what each column of the records means, said to DuckDB.

Three steps, each a table: ``text`` (cells as they stand, columns of the layout only),
``typed`` (times as instants, durations in seconds, codes in our vocabulary, every
doubt as a flag) and the records that are kept. Names are made from roles, never from
the file; what comes from the layout enters as a quoted literal.

Times without an offset are read on the clock of the layout's zone. The hour that comes
twice in autumn is read as its first occurrence, unless that would end a record before
it starts; a time that the clock skipped in spring is flagged (TRUST-F36).
"""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research.study.record_layout import (
    ANY_OTHER,
    DURATIONS,
    GROUPINGS,
    TIMES,
    VOCABULARY,
    RecordField,
    RecordLayout,
    Role,
)

AT = "file::BIGINT * 1099511627776 + row"
"""One number for file and row, in reading order."""

FIRST_YEAR, LAST_YEAR = 1990, 2100

_BLANKS = "' ' || chr(9) || chr(160)"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"
_ISO = (
    r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
    r"(Z|[+-]\d{2}(:?\d{2})?)?)?$"
)
_NUMBER = r"^-?\d{1,9}([.,]\d{1,6})?$"
_CLOCK = r"^-?(\d{1,3}:)?\d{1,4}:[0-5]\d$"
_IN_ORDER: tuple[Role, ...] = ("arrived", "called", "started", "ended")


def literal(text: str) -> str:
    """
    >>> literal("'s-Gravenhage")
    "'''s-Gravenhage'"
    """
    return "'" + text.replace("'", "''") + "'"


def macros(zone: str) -> str:
    """``local``: instant → clock; ``instant``: clock → instant, the first of two."""
    place = literal(zone)
    return (
        f"CREATE MACRO local(i) AS timezone({place}, i);"
        f"CREATE MACRO last_instant(l) AS timezone({place}, l);"
        "CREATE MACRO instant(l) AS CASE"
        " WHEN local(last_instant(l) - INTERVAL 1 HOUR) = l"
        " THEN last_instant(l) - INTERVAL 1 HOUR ELSE last_instant(l) END;"
        "CREATE MACRO seconds_between(a, b) AS"
        " floor(epoch(b) - epoch(a) + 0.5)::BIGINT;"
    )


def text_columns(layout: RecordLayout, positions: dict[str, int]) -> str:
    """Select list of ``text``: cells trimmed, blank and declared missing as NULL."""
    parts = [
        f"{_cell(positions[name])} AS k{index}" for index, name in enumerate(layout.key)
    ]
    for role, field in layout.field.items():
        if field.column:
            cell = _cell(positions[field.column])
            missing = ", ".join(literal(each) for each in field.missing)
            known = f"CASE WHEN {cell} NOT IN ({missing}) THEN {cell} END"
            parts.append(f"{known if missing else cell} AS t_{role}")
        if field.date_column:
            parts.append(f"{_cell(positions[field.date_column])} AS d_{role}")
    return ", ".join(parts)


def _cell(position: int) -> str:
    return f"nullif(trim(c{position}, {_BLANKS}), '')"


def typed(layout: RecordLayout) -> str:
    """SELECT that makes ``typed`` of ``text``."""
    return f"""
    WITH read AS (SELECT *, {_listed(_reading(layout))} FROM text),
    rolled AS (SELECT * {_replacing(_rolling(layout))} FROM read),
    placed AS (SELECT *, {_listed(_placing(layout))} FROM rolled),
    ordered AS (SELECT * {_replacing(_ordering(layout))} FROM placed),
    valued AS (SELECT *, {_listed(_valuing(layout))} FROM ordered)
    SELECT {AT} AS spot, file, row, {_listed(_deriving(layout))} FROM valued
    """


def _listed(parts: Iterator[str]) -> str:
    return ", ".join(parts) or "NULL AS nothing"


def _replacing(parts: Iterator[str]) -> str:
    found = ", ".join(parts)
    return f"REPLACE ({found})" if found else ""


def times(layout: RecordLayout) -> tuple[Role, ...]:
    return tuple(each for each in TIMES if layout.has(each))


def _reading(layout: RecordLayout) -> Iterator[str]:
    """Per time: ``o_`` instant where an offset says so, ``l_`` clock, ``b_`` bad."""
    for role in times(layout):
        field = layout.field[role]
        if field.format == "iso":
            yield from _iso(role)
        else:
            text, form = f"t_{role}", literal(field.format)
            if field.date_column:
                text = f"d_{role} || ' ' || t_{role}"
                form = literal(f"{field.date_format} {field.format}")
            yield "NULL::TIMESTAMPTZ AS o_" + role
            yield f"try_strptime({text}, {form}) AS l_{role}"
        year = f"year(l_{role}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
        yield f"t_{role} IS NOT NULL AND NOT coalesce({year}, false) AS b_{role}"


def _iso(role: Role) -> Iterator[str]:
    text = f"replace(t_{role}, ',', '.')"
    is_iso = f"regexp_matches(t_{role}, '{_ISO}')"
    offset = f"length(t_{role}) > 10 AND regexp_matches(t_{role}, '{_OFFSET}')"
    # A due date without a time lasts until the end of that day.
    whole_day = "INTERVAL 1 DAY - INTERVAL 1 MICROSECOND"
    day = f"CASE WHEN length(t_{role}) = 10 THEN {whole_day} ELSE INTERVAL 0 DAY END"
    plain = f"try_cast({text} AS TIMESTAMP)" + (f" + {day}" if role == "due" else "")
    yield (
        f"CASE WHEN {is_iso} AND {offset} THEN try_cast({text} AS TIMESTAMPTZ) END"
        f" AS o_{role}"
    )
    yield (
        f"CASE WHEN o_{role} IS NOT NULL THEN local(o_{role})"
        f" WHEN {is_iso} AND NOT ({offset}) THEN {plain} END AS l_{role}"
    )


def _rolling(layout: RecordLayout) -> Iterator[str]:
    """A time of day far from the arrival belongs to the day after, or before."""
    anchor = next((each for each in times(layout) if each in _IN_ORDER), None)
    for role in times(layout):
        if role != anchor and anchor is not None and layout.field[role].date_column:
            far = "INTERVAL 12 HOUR"
            later = f"l_{role} < l_{anchor} - {far} THEN l_{role} + INTERVAL 1 DAY"
            sooner = f"l_{role} > l_{anchor} + {far} THEN l_{role} - INTERVAL 1 DAY"
            both = f"WHEN {later}" + (
                f" WHEN {sooner}" if role == "appointment" else ""
            )
            yield f"CASE {both} ELSE l_{role} END AS l_{role}"


def _placing(layout: RecordLayout) -> Iterator[str]:
    """``i_`` the instant; ``skipped_`` and ``twice_`` what summer time makes of it."""
    for role in times(layout):
        clock, free = f"l_{role}", f"o_{role} IS NULL"
        yield f"CASE WHEN {free} THEN instant({clock}) ELSE o_{role} END AS i_{role}"
        yield f"{free} AND local(last_instant({clock})) <> {clock} AS skipped_{role}"
        yield f"{free} AND last_instant({clock}) <> instant({clock}) AS twice_{role}"


def _ordering(layout: RecordLayout) -> Iterator[str]:
    """The second occurrence of an hour where the first would come too early."""
    known = [each for each in _IN_ORDER if layout.has(each)]
    for index, role in enumerate(known[1:], start=1):
        before = ", ".join(f"i_{each}" for each in known[:index])
        early = f"twice_{role} AND i_{role} < greatest({before})"
        yield (
            f"CASE WHEN {early} THEN i_{role} + INTERVAL 1 HOUR ELSE i_{role} END"
            f" AS i_{role}"
        )


def _valuing(layout: RecordLayout) -> Iterator[str]:
    """``s_`` seconds of a duration, ``v_`` value of a code, ``b_`` what is neither."""
    for role in DURATIONS:
        if layout.has(role):
            yield f"{_seconds(role, layout.field[role])} AS s_{role}"
            yield f"t_{role} IS NOT NULL AND s_{role} IS NULL AS b_{role}"
    for role in (*GROUPINGS, *VOCABULARY):
        if layout.has(role):
            field = layout.field[role]
            yield f"{_value(role, field)} AS v_{role}"
            if field.codes:
                yield f"t_{role} IS NOT NULL AND v_{role} IS NULL AS b_{role}"


def _seconds(role: Role, field: RecordField) -> str:
    text = f"t_{role}"
    if field.unit == "clock":
        parts = f"string_split(ltrim({text}, '-'), ':')"
        total = (
            f"list_sum(list_transform(list_reverse({parts}),"
            " lambda p, i: p::DOUBLE * pow(60, i - 1)))"
        )
        sign = f"CASE WHEN starts_with({text}, '-') THEN -1 ELSE 1 END"
        return f"CASE WHEN regexp_matches({text}, '{_CLOCK}') THEN {sign} * {total} END"
    factor = 60 if field.unit == "minutes" else 1
    number = f"replace({text}, ',', '.')::DOUBLE * {factor}"
    return f"CASE WHEN regexp_matches({text}, '{_NUMBER}') THEN {number} END"


def _value(role: Role, field: RecordField) -> str:
    if field.value:
        return literal(field.value)
    text = f"t_{role}"
    if not field.codes:
        return text
    cases = [
        f"WHEN lower({text}) = {literal(raw.strip().lower())} THEN {literal(meaning)}"
        for raw, meaning in field.codes.items()
        if raw not in ("", ANY_OTHER)
    ]
    for raw, condition in (("", "IS NULL"), (ANY_OTHER, "IS NOT NULL")):
        if raw in field.codes:
            meaning = literal(field.codes[raw])
            cases.append(f"WHEN {text} {condition} THEN {meaning}")
    return f"CASE {' '.join(cases)} END"


def _deriving(layout: RecordLayout) -> Iterator[str]:
    """The columns of ``typed``; a role the layout lacks is NULL."""
    keys = [f"k{index}" for index in range(len(layout.key))]
    cells = list(keys)
    for role, field in layout.field.items():
        cells += [f"t_{role}"] if field.column else []
        cells += [f"d_{role}"] if field.date_column else []
    blank = " AND ".join(f"{key} IS NULL" for key in keys)
    yield f"CASE WHEN NOT ({blank}) THEN {_digest(keys)} END AS key_id"
    yield f"{_digest(cells)} AS content_id"
    for role in times(layout):
        yield f"i_{role}"
        yield from (f"{flag}_{role}" for flag in ("b", "skipped", "twice"))
    yield from (f"b_{role}" for role in DURATIONS if layout.has(role))
    for role in (*GROUPINGS, *VOCABULARY):
        has = layout.has(role)
        if has and layout.field[role].codes:
            yield f"b_{role}"
        if role != "outcome":
            yield f"v_{role}" if has else f"NULL::VARCHAR AS v_{role}"
    person = "md5_number(t_person)" if layout.has("person") else "NULL::UHUGEINT"
    yield f"{person} AS person_id"
    yield f"{_outcome(layout)} AS outcome"
    yield f"{_moment(layout)} AS moment"
    yield f"{_by_appointment(layout)} AS with_appointment"
    yield f"{_waiting(layout)} AS wait_raw"
    yield f"{_early(layout)} AS helped_early"
    yield f"{_handling(layout)} AS handling_raw"
    yield f"{_throughput(layout)} AS minutes_raw"


def _digest(cells: list[str]) -> str:
    filled = ", ".join(f"coalesce({cell}, chr(30))" for cell in cells)
    return f"md5_number(concat_ws(chr(31), {filled}))"


def _moment(layout: RecordLayout) -> str:
    order: tuple[Role, ...] = ("arrived", "started", "called", "appointment")
    return f"coalesce({', '.join(f'i_{r}' for r in order if layout.has(r))})"


def _outcome(layout: RecordLayout) -> str:
    if layout.has("outcome"):
        return "v_outcome"
    if layout.has("ended"):
        return "CASE WHEN i_ended IS NULL THEN 'open' ELSE 'helped' END"
    return "'helped'"


def _by_appointment(layout: RecordLayout) -> str:
    if layout.has("by_appointment"):
        return "v_by_appointment = 'yes'"
    return "i_appointment IS NOT NULL" if layout.has("appointment") else "NULL::BOOLEAN"


def _called(layout: RecordLayout) -> str:
    return "i_called" if layout.has("called") else "i_started"


def _waiting(layout: RecordLayout) -> str:
    """Seconds; from max(arrival, appointment), 0 for who is helped before the time."""
    if layout.has("waiting"):
        return "floor(s_waiting + 0.5)::BIGINT"
    if not layout.has_waiting:
        return "NULL::BIGINT"
    called = _called(layout)
    if not layout.has("appointment"):
        return f"seconds_between(i_arrived, {called})"
    return (
        f"CASE WHEN {called} IS NULL THEN NULL"
        f" WHEN {called} < i_arrived THEN seconds_between(i_arrived, {called})"
        f" ELSE greatest(0, seconds_between(greatest(i_arrived, i_appointment),"
        f" {called})) END"
    )


def _early(layout: RecordLayout) -> str:
    if layout.has("waiting") or not layout.has("arrived", "appointment"):
        return "false"
    if not layout.has_waiting:
        return "false"
    called = _called(layout)
    return f"coalesce({called} < i_appointment AND {called} >= i_arrived, false)"


def _handling(layout: RecordLayout) -> str:
    """Talk, hold and wrap-up together; else from start to end. Only who was helped."""
    if layout.has("talk"):
        rest = "".join(
            f" + coalesce(s_{each}, 0)"
            for each in ("hold", "wrap_up")
            if each in layout.field
        )
        total = f"floor(s_talk{rest} + 0.5)::BIGINT"
    elif layout.has("started", "ended"):
        total = "seconds_between(i_started, i_ended)"
    else:
        return "NULL::BIGINT"
    return f"CASE WHEN outcome = 'helped' THEN {total} END"


def _throughput(layout: RecordLayout) -> str:
    if layout.has_norm and layout.has("arrived"):
        return "floor(seconds_between(i_arrived, i_ended) / 60 + 0.5)::BIGINT"
    return "NULL::BIGINT"


def records(layout: RecordLayout) -> str:
    """SELECT of the records that are kept, in the columns of the Parquet file."""
    limit = layout.thresholds
    longest_wait = 60 * limit.longest_wait_minutes
    longest_handling = 60 * limit.longest_handling_minutes
    shown = "v_confidential IS DISTINCT FROM 'yes'"
    clock = f"CASE WHEN {shown} THEN local(moment) END"
    groups = ", ".join(
        f"CASE WHEN {shown} THEN v_{each} END AS {each}" for each in GROUPINGS
    )
    return f"""
    SELECT file, row,
      {groups},
      moment, local(moment)::DATE AS day,
      strftime({clock}, '%Y-%m') AS month,
      isodow({clock})::TINYINT AS weekday,
      hour({clock})::TINYINT AS hour,
      {_in_hours(layout)} AS in_hours,
      outcome, v_result AS result, {_transfer(layout)} AS transfer,
      with_appointment,
      CASE WHEN wait_raw BETWEEN 0 AND {longest_wait} THEN wait_raw::INTEGER END
        AS wait_seconds,
      CASE WHEN handling_raw BETWEEN 0 AND {longest_handling}
        THEN handling_raw::INTEGER END AS handling_seconds,
      CASE WHEN minutes_raw >= 0 THEN minutes_raw::INTEGER END AS throughput_minutes,
      {_norm_state(layout)} AS norm_state,
      {_callback_state(layout)} AS callback_state,
      repeated,
      {_first_contact(layout)} AS first_contact,
      v_satisfied AS satisfied,
      v_confidential = 'yes' AS confidential
    FROM (
      SELECT *, {_repeated(layout)} AS repeated FROM typed
      WHERE spot NOT IN (SELECT spot FROM dropped)
    ) {_term_joins(layout)}
    ORDER BY spot
    """


def _in_hours(layout: RecordLayout) -> str:
    """Within opening hours, on a day that is no holiday; NULL when not declared."""
    if layout.opening is None:
        return "NULL::BOOLEAN"
    spans = [
        f"(isodow(local(moment)) = {weekday + 1}"
        f" AND local(moment)::TIME >= TIME '{start}'"
        f" AND local(moment)::TIME < TIME '{end}')"
        for weekday in range(7)
        for start, end in layout.opening.spans(weekday)
    ]
    return f"({' OR '.join(spans) or 'false'}) AND NOT start_day.holiday"


def _transfer(layout: RecordLayout) -> str:
    if layout.has("transfer"):
        return "v_transfer"
    known = "WHEN v_result IS NOT NULL THEN 'none'"
    return f"CASE WHEN v_result = 'transferred' THEN 'transferred' {known} END"


def _norm_state(layout: RecordLayout) -> str:
    """within, late, open (censored) or no_norm; NULL for who was never helped."""
    if not layout.has_norm:
        return "NULL::VARCHAR"
    limit = layout.thresholds
    if layout.has("due"):
        slack = f"INTERVAL ({round(limit.norm_tolerance_seconds * 1e6)}) MICROSECOND"
        due, kept = "i_due", f"i_ended <= i_due + {slack}"
    else:
        due, kept = "due_day.day", "local(i_ended)::DATE <= due_day.day"
    return (
        "CASE WHEN outcome NOT IN ('helped', 'open') THEN NULL"
        f" WHEN {due} IS NULL THEN 'no_norm' WHEN i_ended IS NULL THEN 'open'"
        f" WHEN {kept} THEN 'within' ELSE 'late' END"
    )


def _callback_state(layout: RecordLayout) -> str:
    """kept, missed, or not_due while its term still runs at the end of the file."""
    if not layout.has_callbacks:
        return "NULL::VARCHAR"
    return (
        "CASE WHEN i_callback_requested IS NULL THEN NULL"
        " WHEN local(i_callback_done)::DATE <= callback_day.day THEN 'kept'"
        " WHEN callback_day.day >= (SELECT last_day FROM period) THEN 'not_due'"
        " ELSE 'missed' END"
    )


def _repeated(layout: RecordLayout) -> str:
    """The same person again within k days; NULL where k days have not passed yet."""
    days = layout.thresholds.repeat_days
    if days is None:
        return "NULL::BOOLEAN"
    again = "lead(moment) OVER (PARTITION BY person_id ORDER BY moment, spot)"
    term = f"moment + INTERVAL {days} DAY"
    return (
        "CASE WHEN person_id IS NULL THEN NULL"
        f" WHEN {again} <= {term} THEN true"
        f" WHEN {term} > (SELECT last_moment FROM period) THEN NULL ELSE false END"
    )


def _first_contact(layout: RecordLayout) -> str:
    came_back = "NOT repeated" if layout.thresholds.repeat_days else "true"
    return (
        "CASE WHEN v_result IS NULL OR v_result IN ('referred', 'excluded') THEN NULL"
        " WHEN v_result <> 'resolved' OR transfer <> 'none' THEN false"
        f" ELSE {came_back} END"
    )


def _term_joins(layout: RecordLayout) -> str:
    """Joins with the calendar: the day of the record, and the last day of a term."""
    joins = [_day_join("start_day", "moment")]
    terms = layout.thresholds
    if terms.norm_working_days and not layout.has("due"):
        joins.append(_term_join("due_day", "start_day", _norm_days(layout)))
    if layout.has_callbacks:
        joins.append(_day_join("asked_day", "i_callback_requested"))
        days = f"{terms.callback_working_days}"
        joins.append(_term_join("callback_day", "asked_day", days))
    return " ".join(joins)


def _norm_days(layout: RecordLayout) -> str:
    """Working days of the norm of a record's channel; NULL where there is no norm."""
    days = layout.thresholds.norm_working_days
    cases = [
        f"WHEN v_channel = {literal(name)} THEN {count}"
        for name, count in days.items()
        if name != ANY_OTHER
    ]
    return f"CASE {' '.join(cases)} WHEN true THEN {days.get(ANY_OTHER, 'NULL')} END"


def _day_join(name: str, instant: str) -> str:
    return f"LEFT JOIN calendar AS {name} ON {name}.day = local({instant})::DATE"


def _term_join(name: str, start: str, days: str) -> str:
    return (
        f"LEFT JOIN calendar AS {name}"
        f" ON {name}.working AND {name}.ordinal = {start}.ordinal + {days}"
    )
