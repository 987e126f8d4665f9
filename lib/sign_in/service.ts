import { randomBytes } from "node:crypto";
import type { Account, Caller, Client } from "@/lib/accounts/account.ts";
import { findAccount, findAccountByEmail } from "@/lib/accounts/store.ts";
import type { AuditAction, AuditFacts } from "@/lib/audit/entry.ts";
import { ANONYMOUS } from "@/lib/audit/facts.ts";
import { appendAlone } from "@/lib/audit/store.ts";
import { AppError } from "@/lib/errors.ts";
import type { Services } from "@/lib/services.ts";
import { hashPassword, verifyPassword } from "@/lib/sign_in/password.ts";
import {
  expiryOf,
  isStale,
  isValid,
  type SignIn,
} from "@/lib/sign_in/sign_in.ts";
import {
  deleteSignIn,
  findFailures,
  findSignIn,
  saveFailures,
  saveSignIn,
  signInIdOf,
  touchSignIn,
} from "@/lib/sign_in/store.ts";
import { waitSeconds, withFailure } from "@/lib/sign_in/throttle.ts";

/** A sign-in just made: what goes into the cookie, and who it is. */
export interface NewSignIn {
  /** 256 random bits. Secret: only its hash is stored. */
  cookieValue: string;
  expiresAt: Date;
  caller: Caller;
}

/**
 * Signs a person in. Unknown addresses cost the same work and get the same
 * answer as wrong passwords. Throws `invalid_credentials`, `rate_limited`.
 */
export async function signIn(
  services: Services,
  client: Client,
  { email, password }: { email: string; password: string },
): Promise<NewSignIn> {
  const { kv, now } = services;
  const account = await findAccountByEmail(kv, email);
  const failures = await findFailures(kv, email, client.ip);
  const wait = waitSeconds(failures, now());
  if (wait > 0) {
    await record(services, client, account, "sign_in.throttled");
    throw new AppError("rate_limited", "Cannot sign in: too many attempts", {
      retryAfterSeconds: wait,
    });
  }
  const known = await isPassword(account, password);
  if (!known || account === null) {
    await saveFailures(kv, email, client.ip, withFailure(failures, now()));
    await record(services, client, account, "sign_in.failure");
    throw new AppError(
      "invalid_credentials",
      "Cannot sign in: the address or the password is not right",
    );
  }
  if (failures !== null) await saveFailures(kv, email, client.ip, null);
  const cookieValue = randomBytes(32).toString("base64url");
  const at = now().toISOString();
  const signIn: SignIn = { accountId: account.id, createdAt: at, seenAt: at };
  const caller = callerOf(account, signInIdOf(cookieValue), client);
  await saveSignIn(kv, caller.signInId, signIn);
  await record(services, client, account, "sign_in.success", caller.signInId);
  return { cookieValue, expiresAt: expiryOf(signIn, account.role), caller };
}

/** Makes the sign-in void at once. */
export async function signOut(
  services: Services,
  caller: Caller,
): Promise<void> {
  await deleteSignIn(services.kv, caller.signInId);
  const account = await findAccount(services.kv, caller.actor.accountId);
  await record(services, caller.client, account, "sign_out", caller.signInId);
}

/** Who the cookie stands for, or null if it stands for nobody any more. */
export function findCaller(
  services: Services,
  client: Client,
  cookieValue: string,
): Promise<Caller | null> {
  return findById(services, client, signInIdOf(cookieValue));
}

/** The caller as of now, or null if signed out or disabled meanwhile: for answers that stay open. Counts as activity. */
export function refreshCaller(
  services: Services,
  { client, signInId }: Caller,
): Promise<Caller | null> {
  return findById(services, client, signInId);
}

async function findById(
  { kv, now }: Services,
  client: Client,
  signInId: string,
): Promise<Caller | null> {
  const signIn = await findSignIn(kv, signInId);
  if (signIn === null) return null;
  const account = await findAccount(kv, signIn.accountId);
  if (account === null || !isValid(signIn, account, now())) return null;
  if (isStale(signIn, now())) {
    await touchSignIn(kv, signInId, now().toISOString());
  }
  return callerOf(account, signInId, client);
}

function callerOf(account: Account, signInId: string, client: Client): Caller {
  const { id: accountId, name, email, role } = account;
  return { actor: { accountId, name, email, role }, client, signInId };
}

let dummyHash: Promise<string> | undefined;

/** Unknown and disabled accounts are checked against a hash that nothing matches, so that they take as long. */
async function isPassword(
  account: Account | null,
  password: string,
): Promise<boolean> {
  const usable = account !== null && account.disabledAt === null;
  const dummy = await (dummyHash ??= hashPassword(
    randomBytes(16).toString("hex"),
  ));
  const matches = await verifyPassword(
    password,
    usable ? account.passwordHash : dummy,
  );
  return usable && matches;
}

const CODES: Partial<Record<AuditAction, AuditFacts["code"]>> = {
  "sign_in.failure": "invalid_credentials",
  "sign_in.throttled": "rate_limited",
};

function record(
  { kv, now }: Services,
  client: Client,
  account: Account | null,
  action: AuditAction,
  signInId: string | null = null,
): Promise<void> {
  const code = CODES[action] ?? null;
  const facts: AuditFacts = {
    at: now().toISOString(),
    actor: account === null
      ? ANONYMOUS
      : { id: account.id, role: account.role, signInId },
    action,
    outcome: code === null ? "success" : "denied",
    code,
    target: { type: "account", id: account?.id ?? "unknown" },
    visitId: null,
    patientId: account?.role === "patient" ? account.id : null,
    change: null,
    reason: null,
    requestId: client.requestId,
  };
  const chain = account === null ? "deny:0" : `u:${account.id}`;
  return appendAlone(kv, chain, facts, client);
}
