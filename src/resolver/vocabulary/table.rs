//! Every word and sign that is read, in one place. `docs/gates.md` lists the same, and a test
//! compares the two.
//!
//! Phrases are words in lower case with one blank between them; signs stand as the tokens
//! normalise them.

use super::list::List;

/// Before a number: below it, the number itself holds.
pub static BELOW: List = List::new(
    "<, sub, under, below, beneath, less than, lower than, smaller than, shorter than, \
     faster than, quicker than, sooner than, better than, fewer than",
);

/// Before a number: at most it, the number itself passes.
pub static AT_MOST: List = List::new(
    "≤, at most, at the most, at max, within, inside, inside of, up to, max, maximum, maximally, \
     less or equal to, less or equal, equal to or less than, equal to or below, \
     equal to or under, capped at, capped to, limited to, bounded by, no later than, \
     cap, ceiling, limit, budget, slo, sla, target, threshold, goal, objective, \
     upper bound",
);

/// Behind [`BELOW`], they let the number itself pass: `less than or equal to`.
pub static OR_EQUAL: List = List::new("or equal to, or equal, or exactly, or at");

/// Before a number: above it. Denied, they are an upper bound: `does not exceed`.
pub static ABOVE: List = List::new(
    ">, over, above, beyond, past, more than, greater than, higher than, longer than, \
     slower than, larger than, bigger than, later than, worse than, exceed, exceeds, \
     exceeded, exceeding, surpass, surpasses, surpassing, in excess of, upwards of",
);

/// Before a number: at least it.
pub static AT_LEAST: List = List::new("≥, at least, minimum, min, reach, reaches, reaching");

/// Behind a duration: at most it.
pub static OR_LESS: List = List::new(
    "or less, or lower, or faster, or better, or under, or below, or quicker, \
     or shorter, or sooner, or smaller, or fewer, max, maximum, at most, at the most, \
     at max, tops, budget, limit, ceiling, cap, slo, sla, target, threshold, goal, \
     objective, upper bound",
);

/// What may stand between a word of comparison and its number, or a duration and its word.
pub static BETWEEN: List = List::new(
    "a, an, the, our, its, your, their, about, around, approximately, approx, roughly, \
     circa, ca, some, of, is, are, at, to, be, as, just, only, even, set, \
     allowed, agreed, hard, overall, :, =, (, ), -, ≈, \", “, ”, ', `",
);

/// What is measured; may stand there too.
pub static MEASURED: List = List::new(
    "latency, latencies, response, responses, time, times, timing, duration, durations, \
     round, trip, rtt, load, api, page, tail, request, requests, reply, answer, \
     elapsed, median, average, avg, mean, percentile",
);

/// Which of many a bound is about; read as every record, unless `all` in `packet.yaml` answers.
pub static OF_MANY: List = List::new("percentile, average, averages, avg, mean, median");

/// Units of time and their length in milliseconds.
pub static UNITS: [(f64, List); 4] = [
    (
        1.0,
        List::new("ms, msec, msecs, millis, millisecond, milliseconds"),
    ),
    (1e3, List::new("s, sec, secs, second, seconds")),
    (
        1e-3,
        List::new("µs, us, usec, usecs, micros, microsecond, microseconds"),
    ),
    (1e-6, List::new("ns, nanosecond, nanoseconds")),
];

/// Units that durations of answers are seldom given in, in milliseconds.
pub static LONG_UNITS: [(f64, List); 6] = [
    (6e4, List::new("m, min, mins, minute, minutes")),
    (3.6e6, List::new("h, hr, hrs, hour, hours")),
    (8.64e7, List::new("d, day, days")),
    (6.048e8, List::new("w, week, weeks")),
    (2.592e9, List::new("month, months")),
    (3.1536e10, List::new("year, years")),
];

/// Numbers in words.
pub static NUMBERS: [(f64, List); 19] = [
    (0.5, List::new("half a, a half, half of a, one half of a")),
    (
        0.25,
        List::new("a quarter of a, quarter of a, a quarter, one quarter of a"),
    ),
    (1.0 / 3.0, List::new("a third of a, one third of a")),
    (0.1, List::new("a tenth of a, one tenth of a")),
    (1.0, List::new("a, an, one, a single, one single")),
    (2.0, List::new("two")),
    (3.0, List::new("three")),
    (4.0, List::new("four")),
    (5.0, List::new("five")),
    (10.0, List::new("ten")),
    (50.0, List::new("fifty")),
    (100.0, List::new("hundred, a hundred, one hundred")),
    (150.0, List::new("one hundred fifty, one hundred and fifty")),
    (200.0, List::new("two hundred")),
    (250.0, List::new("two hundred fifty, two hundred and fifty")),
    (300.0, List::new("three hundred")),
    (400.0, List::new("four hundred")),
    (500.0, List::new("five hundred")),
    (1000.0, List::new("thousand, a thousand, one thousand")),
];

/// They turn what follows into its opposite.
pub static DENIALS: List = List::new(
    "not, no, never, none, nothing, without, neither, nor, non, cannot, zero, avoid, \
     avoids, avoiding, free of, dont, doesnt, didnt, cant, wont, mustnt, shouldnt, \
     isnt, ≠",
);

/// They make it another case, or another time: it is not asked for.
pub static ELSEWHERE: List = List::new(
    "previously, formerly, instead of, rather than, no longer, used to be, down from, \
     up from",
);

/// They make it a condition. Of a failure it is not asked for; else it is not understood.
pub static CONDITIONS: List = List::new(
    "if, unless, when, whenever, except, excepting, excluding, other than, anything but, \
     apart from",
);

/// Of a failure, they tell what happened: it is not asked for.
pub static PAST: List = List::new("was, were, on, upon, after, from");

/// Words that say a number behind them is an HTTP status.
pub static STATUS: List = List::new("http, https, status, statuses, code, codes");

/// Words that say so unless what follows is counted: `returns 200`, not `returns 200 rows`.
pub static ANSWERS: List = List::new(
    "return, returns, returned, returning, respond, responds, responded, responding, \
     response, responses, reply, replies, replied, answer, answers, answered, \
     answering, yield, yields, yielded, give, gives, gave, given, serve, serves, \
     served, serving, show, shows, showed, shown, showing, expect, expects, expected, \
     sustain, sustains, sustained, sustaining, get, gets, got, receive, receives, \
     received, see, sees, saw, seen, report, reports, reported, deliver, delivers, \
     consistent, consistently, steady, continuous, continuously, must be, should be, \
     shall be, →, but, then",
);

/// What may stand between such a word and the status.
pub static STATUS_BETWEEN: List = List::new(
    "a, an, the, any, single, of, is, are, be, been, being, with, in, at, to, as, ok, only, \
     always, ever, all, every, each, must, should, shall, will, can, may, do, does, \
     did, equal, equals, just, exactly, more, range, between, reads, says, stays, \
     remains, remain, stay, :, =, (, ), -, /, \", “, ”, ', `",
);

/// Behind a number, they say that it is a status.
pub static REASONS: List = List::new(
    "ok, created, accepted, no content, partial content, moved permanently, found, \
     see other, not modified, temporary redirect, permanent redirect, response, \
     responses, status, statuses, answer, answers, reply, replies, code, codes, errors, error, \
     failures, failure, http",
);

/// Behind the first digits of a class: `2xx`, the `200 range`.
pub static CLASSES: List = List::new("range, level, series, family, class");

/// What is counted: a number before it is no status.
pub static COUNTED: List = List::new(
    "rows, row, records, record, requests, request, req, users, times, x, entries, \
     lines, items, people, percent, %, kb, mb, gb, bytes, byte, concurrent, parallel, \
     virtual, rps, qps, tps, rpm, words, characters",
);

/// What stands behind a status though it ends like a plural.
pub static NOT_COUNTED: List = List::new(
    "is, as, was, has, this, across, always, plus, thus, does, less, ms, s, shows, \
     proves, logs, yes, its, responses, statuses, codes, answers, replies, throughout, \
     afterwards, besides, us, unless",
);

/// What a number behind them names: it is nothing that evidence must show.
pub static NAMED: List = List::new(
    "#, port, issue, ticket, build, version, room, page, line, step, run, item, \
     section, chapter, rfc, pr, batch, no, id, gate, bus, route",
);

/// Who is counted: `at least 3 operators` is for people to see to.
pub static PEOPLE: List = List::new(
    "people, persons, operator, operators, attendee, attendees, participant, \
     participants, reviewer, reviewers, member, members, trainer, trainers, \
     facilitator, facilitators, approver, approvers, agent, agents, guest, guests, \
     volunteer, volunteers, staff, readers, learners, teams, stakeholders",
);

/// Before a duration: how often something is done, not how long it takes.
pub static CADENCE: List = List::new("every, each, interval of, intervals of, waits, wait");

/// Beside a duration: how long somebody waits before giving up.
pub static TIMEOUTS: List = List::new("timeout, timeouts, delay, delays, backoff, pause");

/// Behind a duration: likewise, or how long people meet.
pub static OTHER_SPANS: List = List::new(
    "interval, intervals, apart, ago, cadence, session, sessions, training, \
     walkthrough, rehearsal, call, meeting, workshop, demo, briefing, slot, break, \
     video, clip, recording, course, class, tour, of age",
);

/// Before a long duration: a distance in time, not a bound.
pub static DISTANCES: List = List::new("within, up to, over, past, target, goal");

/// Behind a long duration: likewise.
pub static RELATIVE: List =
    List::new("before, after, prior, from, since, until, later, earlier, of, ahead");

/// Before a length of time: evidence no older than this.
pub static YOUNGER: List = List::new(
    "no older than, not older than, never older than, no staler than, newer than, younger than, \
     fresher than, within the last, within the past, in the last, in the past, \
     from the last, from the past, max age, max age of, maximum age, maximum age of, age limit, \
     age limit of",
);

/// Behind a length of time with a bound before it: likewise (`less than 24 hours old`).
pub static OLD: List = List::new("old, of age");

/// What may be counted as records: `at least 10 samples`.
pub static RECORDS: List = List::new(
    "records, rows, entries, samples, requests, responses, exchanges, answers, \
     measurements, probes, calls, pings, hits",
);

/// Small numbers in words, where records are counted.
pub static COUNTS: [(u64, List); 12] = [
    (2, List::new("two")),
    (3, List::new("three")),
    (4, List::new("four")),
    (5, List::new("five")),
    (6, List::new("six")),
    (7, List::new("seven")),
    (8, List::new("eight")),
    (9, List::new("nine")),
    (10, List::new("ten")),
    (12, List::new("twelve, a dozen")),
    (20, List::new("twenty")),
    (100, List::new("a hundred, one hundred")),
];

/// Before a length of time, they say that something lasted it.
pub static LASTS: List = List::new(
    "for, over, during, throughout, across, for a, over a, for the, over the, for a full, \
     for the full, over a full",
);

/// Before records, they say that so many followed each other.
pub static IN_A_ROW: List = List::new("consecutive, successive, straight, sequential");

/// Before a number of records, so many there have to be.
pub static THROUGH: List = List::new("across, for, during, throughout, through, all, in");

/// Behind a number: at least it.
pub static OR_MORE: List = List::new("or more, or greater, or higher, and more, and above");

/// It lasted: every exchange counts, and more than one is expected.
pub static LASTING: List =
    List::new("sustained, consistent, consistently, continuous, continuously");

/// Before [`FAILURES`], they allow none.
pub static NONE: List = List::new(
    "no, zero, none, nothing, without, never, nor, free of, free from, not any, not a single, not one",
);

/// What may not be.
pub static FAILURES: List = List::new(
    "error, errors, failure, failures, timeout, timeouts, exception, exceptions, crash, crashes, \
     outage, outages, fault, faults",
);

/// What no record may have done.
pub static FAILED: List = List::new("failed, fail, fails, failing, errored");

/// What may stand between a denial and a failure.
pub static FAILURE_BETWEEN: List = List::new(
    "any, a, an, single, one, of, the, these, http, https, server, client, network, connection, \
     request, requests, response, responses, record, records, row, rows, entry, entries, sample, \
     samples, check, checks, probe, probes, run, runs, call, calls, attempt, attempts, test, \
     tests, api, transport, upstream, gateway, runtime, unexpected, unhandled, reported, logged, \
     recorded, visible, further, warnings, retries, or, \
     and, nor, \u{2c}, /, may, must, should, can, has, have, that, which, ever",
);

/// What is denied of a failure: `never returns an error`.
pub static FAILURE_VERBS: List = List::new(
    "return, returns, returned, returning, show, shows, showed, showing, contain, contains, \
     contained, containing, report, reports, reporting, log, logs, logging, record, records, \
     recording, produce, produces, producing, raise, raises, raising, throw, throws, throwing, \
     see, sees, hit, hits, hitting, cause, causes, causing",
);

/// Behind a failure, how many there are.
pub static SHARES: List = List::new("rate, ratio, count, counts, share, percentage");

/// Behind a failure, they make another thing of it.
pub static NOT_FAILURES: List = List::new(
    "rate, rates, ratio, budget, budgets, percentage, handling, mode, modes, scenario, scenarios, \
     path, paths, drill, drills, margin, correction, tolerance, than",
);

/// Of which 100 % are asked for.
pub static SUCCESS_RATES: List = List::new("success rate, success ratio, pass rate, success");

/// What every record has to have done.
pub static SUCCEEDED: List =
    List::new("succeed, succeeds, succeeded, successful, success, pass, passes, passed, passing");

/// What may stand between `all` and that.
pub static SUCCESS_BETWEEN: List = List::new(
    "record, row, entry, sample, request, response, exchange, answer, measurement, check, checks, \
     probe, probes, test, tests, call, calls, run, runs, attempt, attempts, job, jobs, step, \
     steps, of, the, these, those, its, must, should, shall, have, has, are, were, is, was, be, to",
);

/// Endings of file names: numbers in such names are not read.
pub static FILES: List = List::new(
    "log, json, ndjson, jsonl, csv, txt, md, html, htm, xml, yaml, yml, toml, png, jpg, \
     jpeg, gif, svg, pdf, zip, gz, tar, zst, har, sh, py, rb, go, rs, ts, tsx, js, jsx, \
     sql, eml, ics, docx, xlsx, out, tap, bin",
);

/// Between statuses of which each will do: `200 or 204`.
pub static EITHER: List = List::new("or, and, nor, \u{2c}, /");

/// Behind a number that stands alone.
pub static ALONE: List = List::new(
    "at, in, for, on, from, with, logged, log, and, or, see, via, by, is, as, when, while, only, \
     always, throughout, every, each, everywhere, again, back, all, both, per, across, over, \
     under, within, below",
);
