/** One `set` or `delete` of a commit. */
export interface Mutation {
  key: Deno.KvKey;
  /** Undefined for a `delete`. */
  value?: unknown;
}

/** What the app is about to commit. */
export interface Commit {
  checks: Deno.AtomicCheck[];
  mutations: Mutation[];
}

/** What becomes of a commit. */
export type Land = (
  commit: Commit,
) => Promise<Deno.KvCommitResult | Deno.KvCommitError>;

/**
 * A storage whose commits go through `land`, everything else to `kv`. By it
 * the app's own stores tell what they write, so that no bench repeats their
 * layout and goes stale with it.
 */
export function interceptCommits(kv: Deno.Kv, land: Land): Deno.Kv {
  return new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") return () => new Operation(land);
      const member = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** As much of `Deno.AtomicOperation` as the app uses. */
class Operation {
  readonly #land: Land;
  readonly #commit: Commit = { checks: [], mutations: [] };

  constructor(land: Land) {
    this.#land = land;
  }

  check(...checks: Deno.AtomicCheck[]): this {
    this.#commit.checks.push(...checks);
    return this;
  }

  set(key: Deno.KvKey, value: unknown): this {
    this.#commit.mutations.push({ key, value });
    return this;
  }

  delete(key: Deno.KvKey): this {
    this.#commit.mutations.push({ key });
    return this;
  }

  commit() {
    return this.#land(this.#commit);
  }
}

/** The commit as Deno knows it. */
export function operationOf(
  kv: Deno.Kv,
  { checks, mutations }: Commit,
): Deno.AtomicOperation {
  const operation = kv.atomic().check(...checks);
  for (const { key, value } of mutations) {
    if (value === undefined) operation.delete(key);
    else operation.set(key, value);
  }
  return operation;
}

/** KV takes 1000 mutations and 800 KB in one commit; this many of a session's are well below. */
const BATCH = 400;

/**
 * A storage that puts many commits into one, some twenty times as fast.
 * Checks are left out, so it is for filling an empty storage and nothing else.
 */
export function batchCommits(
  kv: Deno.Kv,
): { kv: Deno.Kv; flush: () => Promise<void> } {
  let waiting: Mutation[] = [];
  const flush = async () => {
    const mutations = waiting;
    waiting = [];
    await operationOf(kv, { checks: [], mutations }).commit();
  };
  const batching = interceptCommits(kv, async ({ mutations }) => {
    waiting.push(...mutations);
    if (waiting.length >= BATCH) await flush();
    return { ok: true, versionstamp: "" };
  });
  return { kv: batching, flush };
}
