#!/usr/bin/env python3
"""Recomputes delivery figures from what stands behind them, with nothing but Python's own library.

    PILOTHOUSE_TOKEN=... recompute.py URL QUERY [--facts FILE.ndjson]

QUERY is that of GET /api/v1/dora, such as "product=shop&from=2025-01-01&to=2025-04-01&bucket=month". Each figure's
export is followed page by page and must give the same value, the same n and the same counts of what was left out; so
must each bucket of the five. With --facts, the lines that were imported, the five are also worked out from those lines
alone, by the definitions as docs/dora.md has them. Ends with 1 and a line for each difference. In place of a token
PILOTHOUSE_COOKIE may hold the cookie of somebody signed in.
"""

import json
import os
import sys
import urllib.parse
import urllib.request
from collections import Counter
from datetime import datetime, timezone
from fractions import Fraction

FIVE = [
    "change_lead_time",
    "deployment_frequency",
    "failed_deployment_recovery_time",
    "change_fail_rate",
    "deployment_rework_rate",
]
# Exports are cut into pages of this many rows, so that following them is tried too.
PAGE = 2500


def ask(url, path):
    request = urllib.request.Request(url.rstrip("/") + path)
    if "PILOTHOUSE_COOKIE" in os.environ:
        request.add_header("cookie", os.environ["PILOTHOUSE_COOKIE"])
    else:
        request.add_header("authorization", "Bearer " + os.environ["PILOTHOUSE_TOKEN"])
    # Never through a proxy: it is asked for on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=120) as answer:
        return json.load(answer)


def rows_behind(url, address):
    rows, cursor = [], None
    while True:
        more = f"&limit={PAGE}" + (f"&cursor={cursor}" if cursor else "")
        page = ask(url, address + more)
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            if len(rows) != page["total"]:
                raise SystemExit(f"{address}: {len(rows)} rows of {page['total']}")
            return page, rows


def median(values):
    values = sorted(values)
    n = len(values)
    if n == 0:
        return None
    return values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2


def recompute(page, rows):
    """Value, n, how many count, and what was left out, by the unit's rule."""
    values = [Fraction(row["value"]) for row in rows if row["value"] is not None]
    left_out = Counter(row["left_out"] for row in rows if row.get("left_out"))
    unit = page["unit"]
    if unit == "seconds":
        return median(values), len(values), None, left_out
    if unit == "per_day":
        days = Fraction(page["days"])
        return (sum(values) / days if days else None), int(sum(values)), None, left_out
    mean = sum(values) / len(values) if values else None
    return mean, len(values), int(sum(values)), left_out


def same(told, found):
    if told is None or found is None:
        return told is None and found is None
    return abs(float(found) - told) <= 1e-6 * max(1.0, abs(told))


def compare(what, told, found, faults):
    value, n, of, left_out = found
    if not same(told["value"], value):
        faults.append(f"{what}: told {told['value']}, recomputed {None if value is None else float(value)}")
    if told["n"] != n:
        faults.append(f"{what}: told n {told['n']}, recomputed {n}")
    if of is not None and told.get("of", of) != of:
        faults.append(f"{what}: told {told['of']} of them, recomputed {of}")
    if left_out is not None and "excluded" in told:
        excluded = Counter({entry["reason"]: entry["n"] for entry in told["excluded"] if entry["n"]})
        if excluded != left_out:
            faults.append(f"{what}: told left out {dict(excluded)}, recomputed {dict(left_out)}")


def instant(text):
    """Microseconds, so that nothing is rounded."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    span = at - epoch
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def from_facts(lines, products, env, start, end):
    """The five by their definitions, from raw lines; slow and obvious."""
    spans, deployed, failed, rework, recovered = [], 0, 0, 0, []
    left_out = {name: Counter() for name in FIVE}
    for product in products:
        mine = [line for line in lines if line["product"] == product]
        commits = {line["id"]: instant(line["committed_at"]) for line in mine if line["type"] == "change"}
        everything = {line["id"]: line for line in mine if line["type"] == "deployment"}
        good = {key: line for key, line in everything.items() if line["outcome"] == "success"}
        ended = {key: instant(line["finished_at"]) for key, line in everything.items()}
        here = sorted((key for key in good if good[key]["env"] == env), key=lambda key: (ended[key], key))
        named, repairs = {}, {}
        for line in mine:
            if line["type"] == "incident" and line.get("deployment") in good:
                named.setdefault(line["deployment"], []).append(line)
        for key, line in good.items():
            target = line.get("remediates")
            if line["kind"] != "regular" and target in good and ended[target] < ended[key]:
                repairs.setdefault(target, []).append(ended[key])
        seen = set()
        for place, key in enumerate(here):
            inside = start <= ended[key] < end
            for change in good[key].get("changes", []):
                if change in seen:
                    continue
                seen.add(change)
                if not inside:
                    continue
                if place == 0:
                    left_out["change_lead_time"]["first_deployment"] += 1
                elif change not in commits:
                    left_out["change_lead_time"]["unknown_change"] += 1
                elif ended[key] < commits[change]:
                    left_out["change_lead_time"]["negative_span"] += 1
                else:
                    spans.append(Fraction(ended[key] - commits[change], 1_000_000))
            if not inside:
                continue
            deployed += 1
            rework += good[key]["kind"] != "regular"
            if key not in named and key not in repairs:
                continue
            failed += 1
            if key in named:
                ends = [line.get("resolved_at") for line in named[key]]
                end_of = None if None in ends else max(instant(at) for at in ends)
            else:
                end_of = min(repairs[key])
            if end_of is None:
                left_out["failed_deployment_recovery_time"]["unrecovered"] += 1
            else:
                recovered.append(Fraction(end_of - ended[key], 1_000_000))
        for key, line in everything.items():
            if line["outcome"] == "failed" and line["env"] == env and start <= ended[key] < end:
                for name in ["deployment_frequency", "change_fail_rate", "deployment_rework_rate"]:
                    left_out[name]["unsuccessful"] += 1
    days = Fraction(end - start, 86_400_000_000)
    rate = lambda count: Fraction(count, deployed) if deployed else None
    return {
        "change_lead_time": (median(spans), len(spans), None, left_out["change_lead_time"]),
        "deployment_frequency": (deployed / days, deployed, None, left_out["deployment_frequency"]),
        "failed_deployment_recovery_time": (
            median(recovered), len(recovered), None, left_out["failed_deployment_recovery_time"],
        ),
        "change_fail_rate": (rate(failed), deployed, failed, left_out["change_fail_rate"]),
        "deployment_rework_rate": (rate(rework), deployed, rework, left_out["deployment_rework_rate"]),
    }


def main(arguments):
    facts = None
    if "--facts" in arguments:
        at = arguments.index("--facts")
        facts = arguments[at + 1]
        del arguments[at : at + 2]
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    url, query = arguments
    report = ask(url, "/api/v1/dora?" + query)
    faults, compared = [], 0
    for name, told in report["figures"].items():
        compare(name, told, recompute(*rows_behind(url, told["behind"])), faults)
        compared += 1
        if name in FIVE:
            fixed = urllib.parse.parse_qsl(urllib.parse.urlsplit(told["behind"]).query)
            fixed = [(key, value) for key, value in fixed if key not in ("from", "to")]
            for bucket in told["buckets"]:
                view = urllib.parse.urlencode(fixed + [("from", bucket["start"]), ("to", bucket["end"])])
                found = recompute(*rows_behind(url, f"/api/v1/dora/{name}/behind?{view}"))
                compare(f"{name} in {bucket['name']}", bucket, found, faults)
                compared += 1
    if facts:
        with open(facts, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file if line.strip()]
        period = report["period"]
        found = from_facts(lines, report["products"], report["env"], instant(period["from"]), instant(period["to"]))
        for name in FIVE:
            compare(f"{name} from the lines alone", report["figures"][name], found[name], faults)
            compared += 1
    for fault in faults:
        print(fault)
    n = report["figures"]["deployment_frequency"]["n"]
    print(f"{compared} figures recomputed over {n} deployments, {len(faults)} differences")
    return 1 if faults or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
