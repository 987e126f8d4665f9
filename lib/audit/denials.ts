import type { AuditFacts } from "@/lib/audit/entry.ts";
import type { ErrorCode } from "@/lib/errors.ts";

/** Refusals that are written down: somebody tried what is not theirs. */
const RECORDED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "role_forbidden",
  "identity_mismatch",
  "cross_site",
  "signature_invalid",
  "visit_not_found",
  "session_not_found",
  "call_not_found",
  "session_over",
  "not_started",
]);

/** Whether a refusal belongs in the audit log. */
export function isRecorded(code: ErrorCode): boolean {
  return RECORDED.has(code);
}

/** How many refusals of one person or address are written within a window. */
const WRITTEN_MAX = 5;
const WINDOW_MS = 60_000;

/** What was written and what was only counted, in the current window. */
export interface DenialCount {
  since: string;
  written: number;
  suppressed: number;
}

/**
 * Whether to write one more refusal, so that nobody can fill the storage, and
 * how many were only counted since the last that was written.
 */
export function countDenial(
  count: DenialCount | null,
  now: Date,
): { next: DenialCount; write: boolean; suppressed: number } {
  const expired = count === null ||
    now.getTime() - Date.parse(count.since) >= WINDOW_MS;
  const current = expired
    ? {
      since: now.toISOString(),
      written: 0,
      suppressed: count?.suppressed ?? 0,
    }
    : count;
  if (current.written >= WRITTEN_MAX) {
    const next = { ...current, suppressed: current.suppressed + 1 };
    return { next, write: false, suppressed: 0 };
  }
  return {
    next: { ...current, written: current.written + 1, suppressed: 0 },
    write: true,
    suppressed: current.suppressed,
  };
}

/** Refusals of one subject always go to the same of 16 chains. */
export function denialChain(subject: string): string {
  let sum = 0;
  for (const char of subject) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return `deny:${sum % 16}`;
}

/** What the entry says of the refusals that were only counted. */
export function suppressedReason(suppressed: number): AuditFacts["reason"] {
  return suppressed === 0 ? null : `suppressed:${suppressed}`;
}
