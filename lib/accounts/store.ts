import { type Account, normalizeEmail } from "@/lib/accounts/account.ts";

const accountKey = (id: string) => ["account", id];
const emailKey = (email: string) => ["account_by_email", normalizeEmail(email)];

/** The account with this id, or null. */
export async function findAccount(
  kv: Deno.Kv,
  id: string,
): Promise<Account | null> {
  return (await kv.get<Account>(accountKey(id))).value;
}

/** The account that signs in with this address, or null. */
export async function findAccountByEmail(
  kv: Deno.Kv,
  email: string,
): Promise<Account | null> {
  const { value: id } = await kv.get<string>(emailKey(email));
  return id === null ? null : findAccount(kv, id);
}

/** Stores a new account; answers false if its address is taken. */
export async function insertAccount(
  kv: Deno.Kv,
  account: Account,
): Promise<boolean> {
  const { ok } = await kv.atomic()
    .check({ key: emailKey(account.email), versionstamp: null })
    .set(accountKey(account.id), account)
    .set(emailKey(account.email), account.id)
    .commit();
  // A commit whose answer got lost on the way is sent again, and then finds its
  // own address taken.
  return ok ||
    (await kv.get(emailKey(account.email))).value === account.id;
}
