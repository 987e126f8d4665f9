import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { writeDuties } from "@/lib/outbox/store.ts";
import { dutiesOf } from "@/lib/sessions/duties.ts";
import { indexesOf } from "@/lib/sessions/indexes.ts";
import { sessionKey } from "@/lib/sessions/keys.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { upgrade } from "@/lib/sessions/upgrade.ts";

/** Which layout all stored sessions have at least. */
const LAYOUT_KEY = ["layout", "session"];
const LAYOUT = 5;

/**
 * Stores sessions of older layouts in today's, with the indexes and promises
 * that did not exist then. To be called before anything else reads them. They
 * say what they said, so it is no event and has no audit entry.
 */
export async function upgradeSessions(kv: Deno.Kv): Promise<void> {
  if ((await kv.get<number>(LAYOUT_KEY)).value === LAYOUT) return;
  for await (const { value } of kv.list<Session>({ prefix: ["session"] })) {
    await untilCommitted(async () => {
      const entry = await kv.get<Session>(sessionKey(value.id));
      return entry.value === null || await isUpToDate(kv, entry)
        ? { ok: true, value: undefined }
        : LOST;
    });
  }
  await kv.set(LAYOUT_KEY, LAYOUT);
}

/** Whether the record has today's layout; if not, it is stored so, and is to be read again. */
export async function isUpToDate(
  kv: Deno.Kv,
  entry: Deno.KvEntry<Session>,
): Promise<boolean> {
  if (entry.value.v === LAYOUT) return true;
  const session = upgrade(entry.value);
  const operation = kv.atomic().check(entry)
    .set(sessionKey(session.id), session);
  for (const [key, value] of indexesOf(session)) operation.set(key, value);
  writeDuties(operation, session.id, {
    before: [],
    after: dutiesOf(session),
    at: new Date(session.createdAt),
  });
  await operation.commit();
  return false;
}
