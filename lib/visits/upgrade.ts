import type { Visit } from "@/lib/visits/visit.ts";

/** A visit as the first layout had it: nobody planned visits then. */
type VisitV1 = Omit<Visit, "v" | "plannedStart"> & { v: 1 };

/** The visit in today's layout. It is stored so when it next changes. */
export function upgradeVisit(stored: Visit | VisitV1): Visit {
  return stored.v === 2 ? stored : { ...stored, v: 2, plannedStart: null };
}
