import {
  isOver,
  type Session,
  type SessionStatus,
} from "@/lib/sessions/session.ts";
import { upgrade } from "@/lib/sessions/upgrade.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import type { Write } from "./handled_kv.ts";

/** Where a status may lead, itself included. */
export const LEADS_TO: Record<SessionStatus, readonly SessionStatus[]> = {
  SCHEDULED: ["SCHEDULED", "IN_PROGRESS", "CANCELLED", "FAILED"],
  IN_PROGRESS: ["IN_PROGRESS", "COMPLETED"],
  COMPLETED: ["COMPLETED"],
  CANCELLED: ["CANCELLED"],
  FAILED: ["FAILED"],
};

/** What an end is for ever. */
const FINAL = ["startedAt", "endedAt", "endReason", "durationSeconds"] as const;

/**
 * Everything that was ever committed about sessions and visits, in order, and
 * what was wrong with it. It judges by itself, without the product's code.
 */
export class Ledger {
  readonly #sessions = new Map<string, Session[]>();
  readonly #visits = new Map<string, Visit>();
  readonly #leases = new Map<string, string>();
  /** What must not have been committed. */
  readonly problems: string[] = [];

  /** The states of a session, oldest first: the n-th has revision n. */
  statesOf(id: string): readonly Session[] {
    return this.#sessions.get(id) ?? [];
  }

  /** The session as it is now; it has to exist. */
  current(id: string): Session {
    return this.statesOf(id).at(-1)!;
  }

  /** The ids of all sessions, oldest first. */
  get ids(): string[] {
    return [...this.#sessions.keys()];
  }

  /** The sessions of a visit as they are now. */
  ofVisit(visitId: string): Session[] {
    return this.ids.map((id) => this.current(id))
      .filter((session) => session.visitId === visitId);
  }

  /** The visit as it is now; it has to exist. */
  visit(id: string): Visit {
    return this.#visits.get(id)!;
  }

  /** Takes down what has landed. `lease`: what its writer believes to hold, and as whom. */
  landed(
    writes: readonly Write[],
    lease: { name: string; owner: string } | null = null,
  ): void {
    for (const { key, value } of writes) {
      const [kind, id] = key as [string, string];
      if (key.length !== 2 || value === undefined) continue;
      if (kind === "session") this.#session(upgrade(value as Session), lease);
      if (kind === "visit") this.#visit(value as Visit);
      if (kind === "lease") {
        this.#leases.set(id, (value as { owner: string }).owner);
      }
    }
  }

  #session(
    next: Session,
    lease: { name: string; owner: string } | null,
  ): void {
    const states = this.#sessions.get(next.id) ?? [];
    const rule = (holds: boolean, what: string) => {
      if (!holds) {
        this.problems.push(`${next.id} rev ${next.rev}: ${what}`);
      }
    };
    const before = states.at(-1);
    rule(
      next.rev === (before?.rev ?? 0) + 1,
      `follows on rev ${before?.rev ?? 0}`,
    );
    rule(
      before === undefined
        ? next.status === "SCHEDULED"
        : LEADS_TO[before.status].includes(next.status),
      `${before?.status} became ${next.status}`,
    );
    if (before !== undefined && isOver(before.status)) {
      for (const name of FINAL) {
        rule(next[name] === before[name], `${name} changed after the end`);
      }
    }
    rule(
      before?.startedAt == null || next.startedAt === before.startedAt,
      "started twice",
    );
    if (next.status === "IN_PROGRESS" && before?.status !== "IN_PROGRESS") {
      const others = this.ofVisit(next.visitId).filter(({ status }) =>
        status === "IN_PROGRESS"
      );
      rule(others.length === 0, `started while ${others[0]?.id} runs`);
      rule(
        this.visit(next.visitId).status === "OPEN",
        "started in a closed visit",
      );
    }
    if (lease !== null) {
      const holder = this.#leases.get(lease.name);
      rule(
        holder === lease.owner,
        `written by ${lease.owner}, but ${holder} has the lease ${lease.name}`,
      );
    }
    this.#sessions.set(next.id, [...states, next]);
  }

  #visit(next: Visit): void {
    const before = this.#visits.get(next.id);
    const rule = (holds: boolean, what: string) => {
      if (!holds) this.problems.push(`visit ${next.id}: ${what}`);
    };
    rule(
      before?.status !== "CLOSED" || next.status === "CLOSED",
      "opened again",
    );
    rule(
      next.status === "OPEN" ||
        this.ofVisit(next.id).every(({ status }) => status !== "IN_PROGRESS"),
      "closed while a session of it runs",
    );
    this.#visits.set(next.id, next);
  }
}
