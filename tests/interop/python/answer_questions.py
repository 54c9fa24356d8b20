"""Works answers out of the standard table in another language: train by train and row by row.

usage: answer_questions.py DATA_FOLDER ANSWERS

ANSWERS is a JSON file with what `punctuality`, `train` and `station` have answered. Prints one JSON object: how many
figures were compared, and some that differ.
"""

import json
import math
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl
from deltalake import DeltaTable

HELSINKI = ZoneInfo("Europe/Helsinki")
COLUMNS = ["departureDate", "trainNumber", "rowNumber", "trainCategory", "trainType", "commuterLineID",
           "operatorShortCode", "trainCancelled", "trainDeleted", "stationShortCode", "type", "trainStopping", "cancelled",
           "scheduledTime", "actualTime", "commercialTrack"]


def main(folder: str, answers: str) -> None:
    table = DeltaTable(f"{folder}/standard_zone/trains_travel").to_pyarrow_table(columns=COLUMNS)
    frame = pl.from_arrow(table).sort("departureDate", "trainNumber", "rowNumber")
    trains = defaultdict(list)
    for row in frame.iter_rows(named=True):
        trains[(str(row["departureDate"]), row["trainNumber"])].append(row)
    named = {(str(date), number): tracks for date, number, tracks in pl.from_arrow(
        DeltaTable(f"{folder}/analysis_zone/train_runs").to_pyarrow_table(
            columns=["departureDate", "trainNumber", "tracks"])).iter_rows()}
    runs = {key: Run(key, rows, named.get(key) or []) for key, rows in trains.items()}
    with open(answers, encoding="utf-8") as file:
        given = json.load(file)
    counts, wrong = [0], []
    for answer in given["punctuality"]:
        compare("punctuality", answer["question"], answer, punctuality(runs, answer["question"]), counts, wrong)
    for asked, answer in given["trains"]:
        compare("train", asked, answer, train(runs, asked), counts, wrong)
    for asked, answer in given["stations"]:
        compare("station", asked, answer, station(runs, asked), counts, wrong)
    print(json.dumps({"figures": counts[0], "wrong": wrong[:5]}))


class Run:
    """One train of one departure date."""

    def __init__(self, key: tuple, rows: list, named: list) -> None:
        (self.date, self.number), self.rows, first = key, rows, rows[0]
        self.category, self.type = first["trainCategory"] or None, first["trainType"] or None
        self.line, self.operator = first["commuterLineID"] or None, first["operatorShortCode"] or None
        self.deleted = bool(first["trainDeleted"])
        self.off = [bool(row["cancelled"] or row["trainCancelled"] or row["trainDeleted"]) for row in rows]
        self.delays = [delay(row, off) for row, off in zip(rows, self.off)]
        self.cancelled, self.partly = all(self.off), any(self.off) and not all(self.off)
        self.times, seen = [], defaultdict(int)
        for row in rows:
            seen[(row["stationShortCode"], row["type"])] += 1
            self.times.append(seen[(row["stationShortCode"], row["type"])])
        self.tracks = defaultdict(set)
        for text in named:
            place, track = text.rsplit(": ", 1)
            self.tracks[place].add(track)

    def tracks_at(self, at: int) -> set:
        row, time = self.rows[at], self.times[at]
        return self.tracks[f"{row['stationShortCode']} {row['type']}" + (f" ({time})" if time > 1 else "")]

    def fate(self) -> str:
        """What it counts as."""
        if self.cancelled:
            return "cancelled"
        if self.partly:
            return "partlyCancelled"
        ends = [self.delays[-1]] + ([self.delays[0]] if self.category == "Commuter" else [])
        return "unfinished" if None in ends else "ran"

    def on_time(self) -> bool:
        if self.category == "Commuter":
            return self.delays[0] < 180 and self.delays[-1] < 180
        return self.delays[-1] <= (1800 if self.category == "Cargo" else 300)


def delay(row: dict, off: bool):
    if off or row["actualTime"] is None or row["scheduledTime"] is None:
        return None
    return math.trunc((row["actualTime"] - row["scheduledTime"]) / timedelta(seconds=1))


def punctuality(runs: dict, question: dict) -> dict:
    groups, left = defaultdict(list), {"deleted": 0, "otherCategories": 0, "ungrouped": 0}
    categories = {"long-distance": "Long-distance", "commuter": "Commuter", "freight": "Cargo"}
    asked = question.get("category")
    for run in runs.values():
        known = run.category in categories.values()
        if not question.get("from", "0") <= run.date <= question.get("to", "9"):
            continue
        if (asked and run.category != categories[asked]) or ("type" in question and run.type != question["type"]):
            continue
        if not known:
            left["otherCategories"] += 1
        elif run.deleted:
            left["deleted"] += 1
        else:
            key = key_of(run, question["by"])
            if key is None:
                left["ungrouped"] += 1
            else:
                groups[key].append(run)
    return {
        "groups": {key: figures(some) for key, some in groups.items()},
        "all": figures([run for some in groups.values() for run in some]),
        "leftOut": left,
    }


def key_of(run: Run, by: str):
    leaves = run.rows[0]["scheduledTime"]
    local = leaves and leaves.astimezone(HELSINKI)
    if by == "category":
        if run.category == "Commuter":
            return "commuterAIKP" if run.line in ("A", "I", "K", "P") else "commuter"
        return {"Long-distance": "longDistance", "Cargo": "freight"}[run.category]
    return {
        "line": run.line, "type": run.type, "operator": run.operator, "date": run.date,
        "station": run.rows[-1]["stationShortCode"] or None,
        "hour": local and f"{local.hour:02}", "weekday": local and str(local.isoweekday()),
    }[by]


def figures(some: list) -> dict:
    fates = [run.fate() for run in some]
    ran = [run for run, fate in zip(some, fates) if fate == "ran"]
    on_time, cancelled = sum(run.on_time() for run in ran), fates.count("cancelled") + fates.count("partlyCancelled")
    return {
        "trains": len(some), "ran": len(ran), "onTime": on_time,
        **{fate: fates.count(fate) for fate in ("cancelled", "partlyCancelled", "unfinished")},
        "onTimeShare": on_time / len(ran) if ran else None,
        "onTimeShareWithCancelled": on_time / (len(ran) + cancelled) if len(ran) + cancelled else None,
        **spread([run.delays[-1] for run in ran]),
    }


def spread(delays: list) -> dict:
    names = ["medianSeconds", "meanSeconds", "deviationSeconds", "p95Seconds"]
    if not delays:
        return dict.fromkeys(names)
    series = pl.Series(delays)
    return dict(zip(names, [least(delays, 0.5), series.mean(), series.std(ddof=0), least(delays, 0.95)]))


def least(delays: list, share: float):
    return sorted(delays)[math.ceil(share * len(delays)) - 1] if delays else None


def train(runs: dict, asked: dict) -> dict:
    mine = sorted((run for run in runs.values() if run.number == asked["number"]), key=lambda run: run.date, reverse=True)
    mine = mine[:asked["last"]]
    past = defaultdict(list)
    for run in mine:
        for key, call in keyed(visits(run)):
            known = (call["arrival"] or call["departure"])["delaySeconds"]
            if known is not None:
                past[key].append(known)
    stops = []
    begun = next((run for run in mine if any(late is not None for late in run.delays)), mine[0])
    for key, call in keyed(visits(begun)):
        delays = past[key]
        stops.append({**call, "medianSeconds": least(delays, 0.5), "worstSeconds": max(delays, default=None),
                      "runs": len(delays)})
    return {"runs": [run_row(run) for run in mine], "stopsDate": begun.date, "stops": stops}


def run_row(run: Run) -> dict:
    known = [(late, -at) for at, late in enumerate(run.delays) if late is not None]
    worst, at = max(known, default=(None, None))
    return {
        "date": run.date, "number": run.number, "type": run.type, "category": run.category, "line": run.line,
        "operator": run.operator, "origin": run.rows[0]["stationShortCode"] or None,
        "destination": run.rows[-1]["stationShortCode"] or None, "departureDelaySeconds": run.delays[0],
        "arrivalDelaySeconds": run.delays[-1], "worstDelaySeconds": worst,
        "worstDelayStation": None if at is None else run.rows[-at]["stationShortCode"] or None,
        "cancelled": run.cancelled, "partlyCancelled": run.partly, "deleted": run.deleted,
    }


def visits(run: Run) -> list:
    """Halts of a train that was not taken out, an arrival and the departure after it together."""
    found, at = [], 0
    while at < len(run.rows) and not run.deleted:
        row, step = run.rows[at], 1
        follows = run.rows[at + 1] if at + 1 < len(run.rows) else None
        if (follows and row["type"] == "ARRIVAL" and follows["type"] == "DEPARTURE"
                and row["stationShortCode"] == follows["stationShortCode"]):
            step = 2
        pair = run.rows[at:at + step]
        if any(each["trainStopping"] is not False for each in pair):
            calls = {each["type"]: call_of(run, at + place) for place, each in enumerate(pair)}
            found.append({
                "date": run.date, "number": run.number, "station": row["stationShortCode"],
                "arrival": calls.get("ARRIVAL"), "departure": calls.get("DEPARTURE"),
                "track": next((each["commercialTrack"] for each in pair if each["commercialTrack"]), None),
            })
        at += step
    return found


class Call(dict):
    """An arrival or a departure, with the tracks that were named for it."""

    tracks = frozenset()


def call_of(run: Run, at: int) -> Call:
    row = run.rows[at]
    call = Call({"scheduled": iso(row["scheduledTime"]), "actual": None if run.off[at] else iso(row["actualTime"]),
                 "delaySeconds": run.delays[at], "cancelled": run.off[at], "visit": run.times[at]})
    call.tracks = run.tracks_at(at)
    return call


def iso(time):
    return time and time.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def keyed(calls: list) -> list:
    times = defaultdict(int)
    found = []
    for call in calls:
        key = (call["station"], call["arrival"] is None)
        times[key] += 1
        found.append(((*key, times[key]), call))
    return found


def station(runs: dict, asked: dict) -> dict:
    calls = [(run, call) for run in runs.values() for call in visits(run) if call["station"] == asked["station"]]
    day = asked.get("date") or max(call["date"] for _, call in calls)
    today = [(run, call) for run, call in calls if is_on(call["arrival"], day) or is_on(call["departure"], day)]
    by_category = defaultdict(list)
    for run, call in today:
        by_category[run.category].append(call)
    return {
        "station": asked["station"], "date": day,
        "visits": {f"{call['date']} {call['number']} {call['arrival'] and call['arrival']['scheduled']}": {
            **call, "type": run.type, "category": run.category, "line": run.line, "otherTracks": other_tracks(call),
            "origin": run.rows[0]["stationShortCode"], "destination": run.rows[-1]["stationShortCode"],
        } for run, call in today},
        "categories": {str(category): {
            "arrivals": side([call["arrival"] for call in some if is_on(call["arrival"], day)], category),
            "departures": side([call["departure"] for call in some if is_on(call["departure"], day)], category),
        } for category, some in by_category.items()},
    }


def other_tracks(visit: dict) -> list:
    calls = [call for call in (visit["arrival"], visit["departure"]) if call and len(call.tracks) > 1]
    return sorted({track for call in calls for track in call.tracks} - {visit["track"]})


def is_on(call, day: str) -> bool:
    return bool(call and call["scheduled"]) and str(
        datetime.fromisoformat(call["scheduled"]).astimezone(HELSINKI).date()) == day


def side(calls: list, category) -> dict:
    delays = [call["delaySeconds"] for call in calls if call["delaySeconds"] is not None]
    limit = {"Commuter": 180, "Cargo": 1801}.get(category, 301)
    return {
        "planned": len(calls), "made": sum(call["actual"] is not None for call in calls),
        "late": sum(late >= limit for late in delays), "cancelled": sum(call["cancelled"] for call in calls),
        "medianSeconds": least(delays, 0.5), "p95Seconds": least(delays, 0.95),
        "trackChanged": sum(len(call.tracks) > 1 for call in calls),
    }


def compare(what: str, asked: dict, ours: dict, theirs: dict, counts: list, wrong: list) -> None:
    """Every figure that they have; ours may have names and notes beside."""
    ours = {**ours}
    if what == "punctuality":
        ours["groups"] = {group["key"]: group for group in ours["groups"]}
    if what == "station":
        ours["visits"] = {f"{visit['date']} {visit['number']} {visit['arrival'] and visit['arrival']['scheduled']}": visit
                          for visit in ours["visits"]}
        ours["categories"] = {str(each["category"]): each for each in ours["categories"]}
    walk(f"{what} {json.dumps(asked)}", ours, theirs, counts, wrong)


def walk(path: str, ours, theirs, counts: list, wrong: list) -> None:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = set(theirs) | (set(ours) if path.endswith((".groups", ".visits", ".categories")) else set())
        for key in keys:
            walk(f"{path}.{key}", ours.get(key, "nothing"), theirs.get(key, "nothing"), counts, wrong)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(ours) == len(theirs):
        for at, (one, other) in enumerate(zip(ours, theirs)):
            walk(f"{path}[{at}]", one, other, counts, wrong)
    else:
        counts[0] += 1
        near = isinstance(theirs, float) and isinstance(ours, (int, float)) and abs(ours - theirs) < 0.0051
        if not near and ours != theirs:
            wrong.append(f"{path}: {json.dumps(ours)[:200]}, they have {json.dumps(theirs)[:200]}")


main(sys.argv[1], sys.argv[2])
