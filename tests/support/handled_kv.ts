/** What a commit is about to write; undefined: to delete. */
export interface Write {
  key: Deno.KvKey;
  value: unknown;
}

/** What is done with the calls of a storage. */
export interface KvHandling {
  /** Goes around every read. */
  read<T>(what: string, run: () => Promise<T>): Promise<T>;
  /** Goes around every commit. */
  commit(
    writes: readonly Write[],
    run: () => Promise<CommitResult>,
  ): Promise<CommitResult>;
  /** Whether commits forget their checks, as a broken product would. */
  dropsChecks?: boolean;
}

/** What a commit comes to. */
export type CommitResult = Deno.KvCommitResult | Deno.KvCommitError;

/**
 * The same storage, with every call handled: to put calls into an order, to
 * make them fail, or to take down what they wrote.
 */
export function handledKv(kv: Deno.Kv, handling: KvHandling): Deno.Kv {
  const handled: Partial<Deno.Kv> = {
    get: (key, options) =>
      handling.read(`reads ${key.join(" ")}`, () => kv.get(key, options)),
    getMany: (keys, options) =>
      handling.read(
        `reads ${keys.map((key) => key.join(" ")).join(", ")}`,
        () => kv.getMany(keys, options),
      ) as never,
    list: <T>(selector: Deno.KvListSelector, options?: Deno.KvListOptions) =>
      listed<T>(kv, handling, selector, options),
    set: (key, value, options) =>
      handling.commit(
        [{ key, value }],
        () => kv.set(key, value, options),
      ) as Promise<Deno.KvCommitResult>,
    delete: async (key) => {
      await handling.commit([{ key, value: undefined }], async () => {
        await kv.delete(key);
        return { ok: true, versionstamp: "" };
      });
    },
    atomic: () => atomic(kv, handling),
    watch: (keys, options) => kv.watch(keys as never, options) as never,
    close: () => kv.close(),
  };
  return handled as Deno.Kv;
}

/** The whole list is one read, so that it shows one moment. */
function listed<T>(
  kv: Deno.Kv,
  handling: KvHandling,
  selector: Deno.KvListSelector,
  options?: Deno.KvListOptions,
): Deno.KvListIterator<T> {
  let entries: [entry: Deno.KvEntry<T>, cursor: string][] | undefined;
  const what = "prefix" in selector ? selector.prefix.join(" ") : "a range";
  const readAll = () =>
    handling.read(`lists ${what}`, async () => {
      const all: [Deno.KvEntry<T>, string][] = [];
      const raw = kv.list<T>(selector, options);
      for await (const entry of raw) all.push([entry, raw.cursor]);
      return all;
    });
  const iterator = {
    cursor: "",
    async next(): Promise<IteratorResult<Deno.KvEntry<T>, undefined>> {
      entries ??= await readAll();
      const next = entries.shift();
      if (next === undefined) return { done: true, value: undefined };
      iterator.cursor = next[1];
      return { done: false, value: next[0] };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator as unknown as Deno.KvListIterator<T>;
}

/** Only what the product uses: checks, `set` and `delete`. */
function atomic(kv: Deno.Kv, handling: KvHandling): Deno.AtomicOperation {
  const operation = kv.atomic();
  const writes: Write[] = [];
  const handled = {
    check(...checks: Deno.AtomicCheck[]) {
      if (!handling.dropsChecks) operation.check(...checks);
      return handled;
    },
    set(key: Deno.KvKey, value: unknown, options?: { expireIn?: number }) {
      operation.set(key, value, options);
      writes.push({ key, value });
      return handled;
    },
    delete(key: Deno.KvKey) {
      operation.delete(key);
      writes.push({ key, value: undefined });
      return handled;
    },
    commit: () => handling.commit(writes, () => operation.commit()),
  };
  return handled as unknown as Deno.AtomicOperation;
}
