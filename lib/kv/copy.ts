import { isDeepStrictEqual } from "node:util";
import { isShortLived } from "@/lib/kv/short_lived.ts";

/** Ten values of the largest size fit into one commit. */
const BATCH = 10;
/** Short-lived rows are collected in the copy when even the one that is kept longest is of no more use. */
const COLLECT_MS = 7 * 24 * 3_600_000;

/** What a copy came to. */
export type Copied =
  | { ok: true; entries: number }
  /** Nothing was written: there is something in the target. */
  | { ok: false; why: "not_empty" }
  /** The copy is not worth having: this entry differs, so the source was written to meanwhile. */
  | { ok: false; why: "changed"; key: Deno.KvKey };

/**
 * Copies every entry of a storage into an empty one, then reads both again and
 * compares. `tell` hears now and then how many entries are written.
 * Versionstamps are the target's own: nothing stored refers to one.
 */
export async function copyStorage(
  source: Deno.Kv,
  target: Deno.Kv,
  tell: (entries: number) => void = () => {},
): Promise<Copied> {
  for await (const _ of target.list({ prefix: [] }, { limit: 1 })) {
    return { ok: false, why: "not_empty" };
  }
  let entries = 0;
  for await (const batch of batches(source.list({ prefix: [] }))) {
    const operation = target.atomic();
    for (const { key, value } of batch) {
      operation.set(
        key,
        value,
        isShortLived(key) ? { expireIn: COLLECT_MS } : {},
      );
    }
    await operation.commit();
    entries += batch.length;
    tell(entries);
  }
  const key = await firstDifference(source, target);
  return key === null
    ? { ok: true, entries }
    : { ok: false, why: "changed", key };
}

async function* batches(
  entries: Deno.KvListIterator<unknown>,
): AsyncGenerator<Deno.KvEntry<unknown>[]> {
  let batch: Deno.KvEntry<unknown>[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Both are in the same order, so they are walked side by side. */
async function firstDifference(
  source: Deno.Kv,
  target: Deno.Kv,
): Promise<Deno.KvKey | null> {
  const copies = target.list({ prefix: [] });
  for await (const { key, value } of source.list({ prefix: [] })) {
    const { value: copy } = await copies.next();
    if (
      !isDeepStrictEqual(copy?.key, key) ||
      !isDeepStrictEqual(copy?.value, value)
    ) return key;
  }
  const more = await copies.next();
  return more.done ? null : more.value.key;
}
