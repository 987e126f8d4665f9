import { AppError } from "@/lib/errors.ts";

/** One page of a list, and the cursor of the next one. */
export interface Page<T> {
  items: T[];
  /** Opaque; null on the last page. */
  next: string | null;
}

/** Which page. */
export interface PageQuery {
  /** How many at most; from 1 to 100. */
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** How many a page has when nobody says. */
export const PAGE_SIZE = 50;

/** KV reads at most this many keys at once. */
const GET_MANY_MAX = 10;

/**
 * Reads one page of an index, newest key first, and the records its entries
 * point to. Reads as many records as it answers, but as many entries of the
 * index as it takes to find them: filters are for what most entries pass. Throws `validation` for a cursor that is none of ours.
 */
export async function readPage<Listed, Record>(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  { limit = PAGE_SIZE, cursor }: PageQuery,
  { keep, recordKey }: {
    keep: (listed: Listed) => boolean;
    recordKey: (listed: Listed) => Deno.KvKey;
  },
): Promise<Page<Record>> {
  const entries = kv.list<Listed>({ prefix }, {
    reverse: true,
    batchSize: limit + 1,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const keys: Deno.KvKey[] = [];
  let last = "";
  let next: string | null = null;
  try {
    for await (const { value } of entries) {
      if (keep(value)) {
        // One more than asked for was found: there is a next page.
        if (keys.length === limit) {
          next = last;
          break;
        }
        keys.push(recordKey(value));
      }
      last = entries.cursor;
    }
  } catch (cause) {
    if (cursor === undefined || !(cause instanceof TypeError)) throw cause;
    throw new AppError(
      "validation",
      "Cannot read the list: the cursor is not valid",
      {
        fields: [{ field: "cursor", message: "is not valid" }],
        cause,
      },
    );
  }
  return { items: await getAll<Record>(kv, keys), next };
}

/** The records at these keys, in their order; what is gone is left out. */
export async function getAll<T>(
  kv: Deno.Kv,
  keys: Deno.KvKey[],
): Promise<T[]> {
  const chunks: Deno.KvKey[][] = [];
  for (let i = 0; i < keys.length; i += GET_MANY_MAX) {
    chunks.push(keys.slice(i, i + GET_MANY_MAX));
  }
  const found = await Promise.all(
    chunks.map((chunk) => kv.getMany<T[]>(chunk as [])),
  );
  return found.flat().map(({ value }) => value as T | null)
    .filter((value) => value !== null);
}
