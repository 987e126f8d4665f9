import type { CallView, GoneView, QueueView } from "@/lib/calls/view.ts";

/** How long a row says why it is gone before it goes. */
export const GONE_MS = 6_000;

/** One row of the queue. */
export interface Row {
  call: CallView;
  /** Why it has left the queue, and when (in ms since 1970) it leaves the page, too; null: it waits. */
  gone: GoneView & { untilMs: number } | null;
}

/** The queue's rows as they stand at first. */
export function rowsOf({ calls }: Pick<QueueView, "calls">): Row[] {
  return calls.map((call) => ({ call, gone: null }));
}

/**
 * The rows after the queue has changed. What has left it stays in its place
 * for a moment, so that nothing vanishes, and nothing else comes, under
 * somebody's finger.
 */
export function nextRows(
  before: readonly Row[],
  { calls, gone }: Pick<QueueView, "calls" | "gone">,
  nowMs: number,
): Row[] {
  const rows = rowsOf({ calls });
  before.forEach((row, index) => {
    const left = gone.find(({ id }) => id === row.call.id);
    const since = row.gone ??
      (left === undefined ? null : { ...left, untilMs: nowMs + GONE_MS });
    if (since === null || since.untilMs <= nowMs) return;
    rows.splice(index, 0, { call: row.call, gone: since });
  });
  return rows;
}

/** The rows that still stand. */
export function standing(rows: readonly Row[], nowMs: number): Row[] {
  return rows.filter(({ gone }) => gone === null || gone.untilMs > nowMs);
}
