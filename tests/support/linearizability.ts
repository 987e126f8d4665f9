import { isOver, type SessionStatus } from "@/lib/sessions/session.ts";
import { LEADS_TO } from "./ledger.ts";

/** One commit of a session. */
export interface Version {
  rev: number;
  status: SessionStatus;
  /** The request that made it; empty: the app by itself. */
  requestId: string;
}

/** What one client asked of a session, and was told. Times are in ms on one clock. */
export interface Call {
  /** What, for people. */
  op: string;
  invoked: number;
  returned: number;
  /** Names the request in the audit log; null: the answer never came. */
  requestId: string | null;
  /** `unknown`: it may have happened or not. */
  outcome: "done" | "refused" | "unknown";
  /** The revisions that look like what the answer showed; null: it showed no session. */
  looksLike: readonly number[] | null;
}

/** Everything that is known of one session. */
export interface History {
  calls: readonly Call[];
  /** What landed in the storage, in its order. */
  commits: readonly Version[];
  /** What the audit log tells. */
  audit: readonly Version[];
}

/**
 * Why a session's history cannot have come from one record that everybody
 * reads and writes in turn; nothing if it can. Because every commit has a
 * number, no search is needed: the calls in the order in which they began,
 * each put at the earliest revision that its answer allows, must never fall
 * behind a call that had returned before.
 */
export function findAnomalies(history: History): string[] {
  return [
    ...pathAnomalies(history.commits),
    ...auditAnomalies(history),
    ...orderAnomalies(history),
  ];
}

/** Revisions count from 1 without a gap, and the statuses along them are a life. */
function pathAnomalies(commits: readonly Version[]): string[] {
  const found: string[] = [];
  let before: Version | null = null;
  for (const commit of commits) {
    const { rev, status } = commit;
    if (rev !== (before?.rev ?? 0) + 1) {
      found.push(`rev ${rev} was committed after rev ${before?.rev ?? 0}`);
    }
    const isLegal = before === null
      ? status === "SCHEDULED"
      : LEADS_TO[before.status].includes(status);
    if (!isLegal) {
      found.push(`rev ${rev}: ${before?.status ?? "nothing"} became ${status}`);
    }
    before = commit;
  }
  return found;
}

/** The audit log tells every commit, and nothing else; each request changed the status once at most. */
function auditAnomalies({ commits, audit }: History): string[] {
  const told = ({ rev, status, requestId }: Version) =>
    `rev ${rev} ${status} by "${requestId}"`;
  const landed = new Set(commits.map(told));
  const logged = new Set(audit.map(told));
  const ends = commits.filter(({ status }, at) =>
    isOver(status) && !isOver(commits[at - 1]?.status ?? "SCHEDULED")
  );
  return [
    ...[...landed].filter((one) => !logged.has(one))
      .map((one) => `${one} is not in the audit log`),
    ...[...logged].filter((one) => !landed.has(one))
      .map((one) => `${one} is in the audit log only`),
    ...(ends.length > 1 ? [`it ended ${ends.length} times`] : []),
  ];
}

/** Who begins after somebody was answered sees at least what they saw. */
function orderAnomalies({ calls, commits }: History): string[] {
  const found: string[] = [];
  const began = new Map(
    calls.map(({ requestId, invoked }) => [requestId, invoked]),
  );
  const ownOf = Map.groupBy(commits, ({ requestId }) => requestId);
  const byReturn = calls.toSorted((a, b) => a.returned - b.returned);
  /** Where each call is put. */
  const points = new Map<Call, number>();
  /** The highest revision that anybody had been told of. */
  let known = 0;
  let returned = 0;
  for (const call of calls.toSorted((a, b) => a.invoked - b.invoked)) {
    // Whatever has returned by now began earlier, and so has its point.
    while (byReturn[returned]!.returned < call.invoked) {
      known = Math.max(known, points.get(byReturn[returned++]!) ?? 0);
    }
    const { requestId, looksLike, outcome } = call;
    const own = (requestId === null ? [] : ownOf.get(requestId) ?? [])
      .map(({ rev }) => rev);
    for (const rev of own) {
      if (rev > known) continue;
      found.push(`${call.op} wrote rev ${rev}, when ${known} was known`);
    }
    if (outcome === "unknown") continue;
    const least = Math.max(known, ...own);
    const point = looksLike === null
      ? least
      : looksLike.toSorted((a, b) => a - b).find((rev) =>
        rev >= least && madeBy(commits[rev - 1]!) <= call.returned
      );
    if (point === undefined) {
      found.push(`${call.op} saw ${seen(looksLike!)}, when ${least} was known`);
    } else points.set(call, point);
  }
  return found;

  /** When the request that made it began; the app's own writes are always there. */
  function madeBy({ requestId }: Version): number {
    return began.get(requestId) ?? 0;
  }
}

function seen(looksLike: readonly number[]): string {
  return looksLike.length === 0
    ? "what never was"
    : `rev ${looksLike.join(" or ")}`;
}
