import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Call,
  findAnomalies,
  type History,
  type Version,
} from "./linearizability.ts";

/** Planned, asked to start, started, ended. */
const COMMITS: Version[] = [
  { rev: 1, status: "SCHEDULED", requestId: "create" },
  { rev: 2, status: "SCHEDULED", requestId: "start" },
  { rev: 3, status: "IN_PROGRESS", requestId: "start" },
  { rev: 4, status: "COMPLETED", requestId: "end" },
];

/** A call of ten milliseconds that was answered with this revision. */
function call(op: string, at: number, rev: number | null): Call {
  return {
    op,
    invoked: at,
    returned: at + 10,
    requestId: op,
    outcome: "done",
    looksLike: rev === null ? null : [rev],
  };
}

const CALLS = [
  call("create", 0, 1),
  call("start", 20, 3),
  call("read", 40, 3),
  call("end", 60, 4),
];

function anomalies(about: Partial<History>): string[] {
  return findAnomalies({
    calls: CALLS,
    commits: COMMITS,
    audit: about.commits ?? COMMITS,
    ...about,
  });
}

/** What is wrong with the usual calls and one more. */
function anomaliesWith(about: Partial<Call>): string[] {
  return anomalies({
    calls: [...CALLS, { ...call("extra", 80, 4), ...about }],
  });
}

Deno.test("findAnomalies() finds nothing in calls one after the other", () => {
  assert.deepEqual(anomalies({}), []);
});

Deno.test("findAnomalies() lets calls that overlap happen in either order", () => {
  // Both began while the end was under way: one saw it, one did not.
  for (const rev of [3, 4]) {
    assert.deepEqual(anomaliesWith({ invoked: 61, looksLike: [rev] }), []);
  }
});

Deno.test("findAnomalies() finds a read that falls behind an answer", () => {
  assert.deepEqual(anomaliesWith({ looksLike: [3] }), [
    "extra saw rev 3, when 4 was known",
  ]);
});

Deno.test("findAnomalies() finds a read that falls behind another read", () => {
  // The start is not answered yet, but somebody has seen it.
  const calls = [
    CALLS[0]!,
    { ...CALLS[1]!, returned: 100 },
    call("early", 30, 3),
    call("late", 50, 2),
  ];
  assert.deepEqual(anomalies({ calls, commits: COMMITS.slice(0, 3) }), [
    "late saw rev 2, when 3 was known",
  ]);
});

Deno.test("findAnomalies() finds a read of what was never committed", () => {
  assert.deepEqual(anomaliesWith({ looksLike: [] }), [
    "extra saw what never was, when 4 was known",
  ]);
});

Deno.test("findAnomalies() finds a read of what was asked for later only", () => {
  const early = { ...call("read", 11, 3), returned: 19 };
  assert.deepEqual(anomalies({ calls: [...CALLS, early] }), [
    "read saw rev 3, when 1 was known",
  ]);
});

Deno.test("findAnomalies() takes the answer that looks like several states for the earliest", () => {
  const calls = [...CALLS.slice(0, 1), {
    ...call("read", 12, null),
    looksLike: [1, 2],
  }, ...CALLS.slice(1)];
  assert.deepEqual(anomalies({ calls }), []);
});

Deno.test("findAnomalies() lets what nobody heard of have happened or not", () => {
  const unknown = { outcome: "unknown" as const, looksLike: null };
  assert.deepEqual(anomaliesWith(unknown), []);
  assert.deepEqual(anomaliesWith({ ...unknown, requestId: null }), []);
  const end = { ...CALLS[3]!, ...unknown };
  assert.deepEqual(anomalies({ calls: [...CALLS.slice(0, 3), end] }), []);
});

Deno.test("findAnomalies() finds what was written before it was asked for", () => {
  const late = { ...CALLS[1]!, invoked: 80, returned: 90 };
  const calls = [CALLS[0]!, CALLS[3]!, late];
  assert.deepEqual(
    anomalies({ calls })[0],
    "start wrote rev 2, when 4 was known",
  );
});

Deno.test("findAnomalies() finds two commits of one revision", () => {
  const lost: Version = { rev: 3, status: "SCHEDULED", requestId: "token" };
  const commits = [...COMMITS.slice(0, 2), lost, ...COMMITS.slice(2)];
  assert.deepEqual(anomalies({ commits, audit: COMMITS }), [
    "rev 3 was committed after rev 3",
    'rev 3 SCHEDULED by "token" is not in the audit log',
  ]);
});

Deno.test("findAnomalies() finds a life that goes backwards, or ends twice", () => {
  const again: Version[] = [
    ...COMMITS,
    { rev: 5, status: "IN_PROGRESS", requestId: "start" },
    { rev: 6, status: "COMPLETED", requestId: "end" },
  ];
  assert.deepEqual(anomalies({ commits: again, calls: [] }), [
    "rev 5: COMPLETED became IN_PROGRESS",
    "it ended 2 times",
  ]);
});

Deno.test("findAnomalies() finds an audit log that tells less or more than there was", () => {
  assert.deepEqual(anomalies({ audit: COMMITS.slice(0, 3) }), [
    'rev 4 COMPLETED by "end" is not in the audit log',
  ]);
  assert.deepEqual(
    anomalies({ commits: COMMITS.slice(0, 3), audit: COMMITS, calls: [] }),
    ['rev 4 COMPLETED by "end" is in the audit log only'],
  );
});

/** Calls that each take effect at one moment between their beginning and their answer. */
const moments = fc.array(
  fc.record({
    before: fc.nat({ max: 30 }),
    after: fc.nat({ max: 30 }),
    writes: fc.boolean(),
    outcome: fc.constantFrom("done" as const, "unknown" as const),
  }),
  { maxLength: 40 },
);

Deno.test("findAnomalies() finds nothing wherever there was one record, read and written in turn", () => {
  fc.assert(fc.property(moments, (moments) => {
    const commits = [COMMITS[0]!];
    const calls = moments.map(
      ({ before, after, writes, outcome }, at): Call => {
        const requestId = `request-${at}`;
        if (writes) {
          const rev = commits.length + 1;
          commits.push({ rev, status: "SCHEDULED", requestId });
        }
        return {
          op: requestId,
          invoked: at * 10 - before,
          returned: at * 10 + after,
          requestId,
          outcome,
          looksLike: [commits.length],
        };
      },
    );
    assert.deepEqual(findAnomalies({ calls, commits, audit: commits }), []);
  }));
});
