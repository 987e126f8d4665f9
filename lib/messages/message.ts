import type { PersonRef } from "@/lib/accounts/account.ts";
import type { Seat } from "@/lib/sessions/session.ts";

/** A message between the two people of a visit, as stored (a FHIR Communication). It never changes. */
export interface Message {
  /** Layout of this record. */
  v: 1;
  /** A ULID, larger than that of every earlier message of the visit. */
  id: string;
  visitId: string;
  from: PersonRef;
  /** Whose side of the visit wrote it. */
  seat: Seat;
  /** Plain text, as `tidyText` leaves it. */
  text: string;
  at: string;
  /** How many messages of the visit each had sent by then, this one included: what is unread is a difference. */
  sent: Record<Seat, number>;
}
