import { randomBytes } from "node:crypto";
import type { Account, Caller, Client } from "@/lib/accounts/account.ts";
import { findAccount, findAccountByEmail } from "@/lib/accounts/store.ts";
import { denialChain, suppressedReason } from "@/lib/audit/denials.ts";
import { accountChain, ANONYMOUS } from "@/lib/audit/facts.ts";
import { admitDenial } from "@/lib/audit/service.ts";
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
  findSignIn,
  forgetFailures,
  reserveAttempt,
  saveSignIn,
  signInIdOf,
  touchSignIn,
} from "@/lib/sign_in/store.ts";

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
  const wait = await reserveAttempt(kv, email, client.ip, now());
  if (wait > 0) {
    await recordFailure(services, client, account, "sign_in.throttled");
    throw new AppError("rate_limited", "Cannot sign in: too many attempts", {
      retryAfterSeconds: wait,
    });
  }
  const known = await isPassword(account, password);
  if (!known || account === null) {
    await recordFailure(services, client, account, "sign_in.failure");
    throw new AppError(
      "invalid_credentials",
      "Cannot sign in: the address or the password is not right",
    );
  }
  await forgetFailures(kv, email, client.ip);
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
  if (account === null) return;
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

/**
 * The caller as of now, or null if signed out or disabled meanwhile: for
 * answers that stay open. They count as activity only if they say so: a list
 * that somebody forgot to close keeps nobody signed in.
 */
export function refreshCaller(
  services: Services,
  { client, signInId }: Caller,
  { isActive }: { isActive: boolean },
): Promise<Caller | null> {
  return findById(services, client, signInId, isActive);
}

async function findById(
  { kv, now }: Services,
  client: Client,
  signInId: string,
  isActive = true,
): Promise<Caller | null> {
  const signIn = await findSignIn(kv, signInId);
  if (signIn === null) return null;
  const account = await findAccount(kv, signIn.accountId);
  if (account === null || !isValid(signIn, account, now())) return null;
  if (isActive && isStale(signIn, now())) {
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

/** Of many failures from one address a few are written; the rest is counted. */
async function recordFailure(
  services: Services,
  client: Client,
  account: Account | null,
  action: "sign_in.failure" | "sign_in.throttled",
): Promise<void> {
  const { write, suppressed } = await admitDenial(services, client.ip);
  if (!write) return;
  await appendAlone(
    services.kv,
    account === null ? denialChain(client.ip) : accountChain(account.id),
    {
      ...about(services, client, account, null),
      action,
      outcome: "denied",
      code: action === "sign_in.failure"
        ? "invalid_credentials"
        : "rate_limited",
      reason: suppressedReason(suppressed),
    },
    client,
  );
}

function record(
  services: Services,
  client: Client,
  account: Account,
  action: "sign_in.success" | "sign_out",
  signInId: string,
): Promise<void> {
  return appendAlone(services.kv, accountChain(account.id), {
    ...about(services, client, account, signInId),
    action,
    outcome: "success",
    code: null,
    reason: null,
  }, client);
}

function about(
  { now }: Services,
  { requestId }: Client,
  account: Account | null,
  signInId: string | null,
) {
  return {
    at: now().toISOString(),
    actor: account === null
      ? ANONYMOUS
      : { id: account.id, role: account.role, signInId },
    target: { type: "account" as const, id: account?.id ?? "unknown" },
    visitId: null,
    patientId: account?.role === "patient" ? account.id : null,
    change: null,
    requestId,
  };
}
