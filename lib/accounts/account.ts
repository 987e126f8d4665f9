import { z } from "zod";
import type { Receipt } from "@/lib/idempotency/receipt.ts";

/** What a person is in the clinic. */
export const Role = z.enum(["doctor", "patient", "admin"]);
/** What a person is in the clinic. */
export type Role = z.infer<typeof Role>;

/** A person who can sign in, as stored. */
export interface Account {
  /** A ULID. It is also the identity in the call, so it says nothing about the person. */
  id: string;
  /** As people write it, e.g. "Dr Meera Rao". */
  name: string;
  /** Lower case, NFKC: what one signs in with. */
  email: string;
  role: Role;
  /** A PHC string: algorithm, parameters, salt and hash. */
  passwordHash: string;
  /** When the account was switched off, or null. A disabled account cannot sign in and its sign-ins are void. */
  disabledAt: string | null;
  createdAt: string;
}

/** A person as other records refer to them: the id and the name to show (a FHIR Reference with its display). */
export interface PersonRef {
  id: string;
  name: string;
}

/** Whoever is asking, as the use cases see them. */
export interface Actor {
  accountId: string;
  name: string;
  email: string;
  role: Role;
}

/** Where a request comes from, for the audit log, and whether it may come again. */
export interface Client {
  /** One id for one request, also sent back as `X-Request-Id`. */
  requestId: string;
  ip: string;
  userAgent: string;
  /** There if the request has an `Idempotency-Key`: what its commits carry. */
  receipt?: Receipt;
}

/** Who asks, and from where: what every use case is told. */
export interface Caller {
  actor: Actor;
  client: Client;
  /** Which sign-in this is: a hash that cannot be turned back into the cookie. */
  signInId: string;
}

/** An account as the API shows it to its owner. */
export interface AccountView {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** The person behind an actor, as other records refer to them. */
export function personRef(actor: Actor): PersonRef {
  return { id: actor.accountId, name: actor.name };
}

/** The actor as the API shows them to themselves. */
export function viewAccount(actor: Actor): AccountView {
  return {
    id: actor.accountId,
    name: actor.name,
    email: actor.email,
    role: actor.role,
  };
}

/** Longer addresses do not exist (RFC 5321), and would not fit into a key. */
const EMAIL_BYTES_MAX = 254;

/** How addresses are compared: NFKC and lower case, no blanks around. Text that can be no address compares to nothing. */
export function normalizeEmail(email: string): string {
  if (!email.isWellFormed() || email.length > EMAIL_BYTES_MAX) return "";
  const normal = email.normalize("NFKC").trim().toLowerCase();
  const bytes = new TextEncoder().encode(normal).length;
  return bytes > EMAIL_BYTES_MAX ? "" : normal;
}

/** Whether the text names the actor: their id, or the address they sign in with. */
export function isOwnIdentity(actor: Actor, identity: string): boolean {
  return identity === actor.accountId ||
    normalizeEmail(identity) === normalizeEmail(actor.email);
}
