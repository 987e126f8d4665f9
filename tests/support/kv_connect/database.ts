import { DatabaseSync } from "node:sqlite";
import { Refusal } from "./limits.ts";
import {
  type AtomicWrite,
  type Check,
  ENCODING,
  type Entry,
  MUTATION,
  type Mutation,
  type ReadRange,
} from "./messages.ts";

/** What a commit came to: its versionstamp and the keys it changed, or which checks failed. */
export type Written =
  | { ok: true; versionstamp: Uint8Array; keys: Uint8Array[] }
  | { ok: false; failedChecks: number[] };

type Count = (stored: bigint, given: bigint) => bigint;

const COUNTS: Record<number, Count> = {
  [MUTATION.SUM]: (stored, given) => stored + given,
  [MUTATION.MAX]: (stored, given) => stored > given ? stored : given,
  [MUTATION.MIN]: (stored, given) => stored < given ? stored : given,
};

interface Row {
  k: Uint8Array;
  v: Uint8Array;
  encoding: number;
  version: number;
}

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists counter (version integer not null);
  insert into counter select 0 where not exists (select * from counter);
  create table if not exists kv (
    k blob primary key,
    v blob not null,
    encoding integer not null,
    version integer not null,
    expires_ms integer
  ) without rowid;
  create index if not exists kv_expires on kv (expires_ms)
    where expires_ms is not null;
`;

/** Sorted keys with values and versionstamps in SQLite: in a file, every commit synchronized to the disk, or in memory. */
export class Database implements Disposable {
  readonly #sqlite: DatabaseSync;
  readonly #statements;

  /** @param path A file, or `:memory:`. */
  constructor(path: string) {
    const sqlite = new DatabaseSync(path);
    this.#sqlite = sqlite;
    sqlite.exec(SCHEMA);
    const scan = (order: string) =>
      sqlite.prepare(
        `select k, v, encoding, version from kv where k >= ? and k < ? order by k ${order} limit ?`,
      );
    this.#statements = {
      ascending: scan("asc"),
      descending: scan("desc"),
      get: sqlite.prepare("select k, v, encoding, version from kv where k = ?"),
      set: sqlite.prepare("insert or replace into kv values (?, ?, ?, ?, ?)"),
      delete: sqlite.prepare("delete from kv where k = ?"),
      nextVersion: sqlite.prepare(
        "update counter set version = version + ? returning version",
      ),
      collect: sqlite.prepare(
        "delete from kv where expires_ms <= ? returning k",
      ),
    };
    this.collectExpired();
  }

  /** Reads all ranges from one state of the database. Expired keys are there until they are collected. */
  read(ranges: ReadRange[]): Entry[][] {
    return ranges.map(({ start, end, limit, reverse }) => {
      const { ascending, descending } = this.#statements;
      const rows = (reverse ? descending : ascending).all(start, end, limit);
      return (rows as unknown as Row[]).map(entryOf);
    });
  }

  /** One key, or null. */
  get(key: Uint8Array): Entry | null {
    const row = this.#statements.get.get(key) as unknown as Row | undefined;
    return row === undefined ? null : entryOf(row);
  }

  /** Carries a commit out whole or not at all. Throws `Refusal` if one of its mutations cannot be done. */
  write({ checks, mutations }: AtomicWrite): Written {
    return this.#transaction(() => {
      const failedChecks = checks.flatMap((check, index) =>
        this.#holds(check) ? [] : [index]
      );
      if (failedChecks.length > 0) return { ok: false, failedChecks };
      // By steps of any size, as denokv does: nobody is to count with them.
      const version = this.#nextVersion(1 + Math.floor(Math.random() * 9));
      const keys = mutations.map((mutation) => this.#mutate(mutation, version));
      return { ok: true, versionstamp: versionstampOf(version), keys };
    });
  }

  /** Deletes what has expired; answers its keys. */
  collectExpired(): Uint8Array[] {
    return this.#transaction(() => {
      const rows = this.#statements.collect.all(Date.now());
      if (rows.length > 0) this.#nextVersion(1);
      return (rows as unknown as Row[]).map(({ k }) => k);
    });
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }

  #transaction<T>(run: () => T): T {
    this.#sqlite.exec("begin immediate");
    try {
      const result = run();
      this.#sqlite.exec("commit");
      return result;
    } catch (error) {
      this.#sqlite.exec("rollback");
      throw error;
    }
  }

  #nextVersion(step: number): number {
    const row = this.#statements.nextVersion.get(step);
    return (row as unknown as { version: number }).version;
  }

  #holds({ key, versionstamp }: Check): boolean {
    const found = this.get(key)?.versionstamp ?? new Uint8Array();
    return equal(found, versionstamp);
  }

  /** Answers the key that changed. */
  #mutate(
    { key, value, mutationType, expireAtMs }: Mutation,
    version: number,
  ): Uint8Array {
    if (mutationType === MUTATION.DELETE || value === null) {
      this.#statements.delete.run(key);
      return key;
    }
    const appends = mutationType === MUTATION.SET_SUFFIX_VERSIONSTAMPED_KEY;
    const target = appends
      ? withVersionstamp(key, versionstampOf(version))
      : key;
    const count = COUNTS[mutationType];
    const { data, encoding } = count === undefined
      ? value
      : this.#counted(key, value, count);
    const expiresMs = expireAtMs > 0 ? expireAtMs : null;
    this.#statements.set.run(target, data, encoding, version, expiresMs);
    return target;
  }

  /** Counters are 64-bit numbers that wrap; anything else is refused, and with it the whole commit. */
  #counted(
    key: Uint8Array,
    operand: { data: Uint8Array; encoding: number },
    count: Count,
  ): { data: Uint8Array; encoding: number } {
    const stored = this.get(key);
    if (
      operand.encoding !== ENCODING.LE64 ||
      (stored !== null && stored.encoding !== ENCODING.LE64)
    ) {
      throw new Refusal("Counters are for 64-bit numbers only.");
    }
    if (stored === null) return operand;
    const data = new Uint8Array(8);
    const result = count(numberOf(stored.value), numberOf(operand.data));
    new DataView(data.buffer).setBigUint64(0, BigInt.asUintN(64, result), true);
    return { data, encoding: ENCODING.LE64 };
  }
}

function entryOf({ k, v, encoding, version }: Row): Entry {
  return {
    key: k,
    value: v,
    encoding,
    versionstamp: versionstampOf(version),
  };
}

/** Ten bytes, of which the first eight count. */
function versionstampOf(version: number): Uint8Array {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(version));
  return bytes;
}

/** Text is a part of a key as 0x02, its bytes, 0x00. */
function withVersionstamp(
  key: Uint8Array,
  versionstamp: Uint8Array,
): Uint8Array {
  const text = new TextEncoder().encode(versionstamp.toHex());
  return Uint8Array.of(...key, 0x02, ...text, 0x00);
}

function numberOf(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .getBigUint64(0, true);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
