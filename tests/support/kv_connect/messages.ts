/**
 * The protobuf messages of KV Connect's data path, as denokv's `datapath.proto`
 * numbers their fields. Keys and values stay the bytes they are: a server
 * decodes neither.
 *
 * @module
 */
import protobuf from "protobufjs/light.js";

/** How a value's bytes are to be read. */
export const ENCODING = { V8: 1, LE64: 2, BYTES: 3 } as const;

/** What a mutation does. */
export const MUTATION = {
  SET: 1,
  DELETE: 2,
  SUM: 3,
  MAX: 4,
  MIN: 5,
  /** Sets the key that is the given one and, as a further part, the commit's versionstamp. */
  SET_SUFFIX_VERSIONSTAMPED_KEY: 9,
} as const;

/** What became of a commit. */
export const WRITE_STATUS = { SUCCESS: 1, CHECK_FAILURE: 2 } as const;

/** What became of a read. */
export const READ_STATUS = { SUCCESS: 1 } as const;

/** Keys from `start` to before `end`. */
export interface ReadRange {
  start: Uint8Array;
  end: Uint8Array;
  limit: number;
  reverse: boolean;
}

/** One stored key. */
export interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  encoding: number;
  versionstamp: Uint8Array;
}

/** What a commit relies on: no versionstamp means that the key is not there. */
export interface Check {
  key: Uint8Array;
  versionstamp: Uint8Array;
}

/** One change of a commit. */
export interface Mutation {
  key: Uint8Array;
  value: { data: Uint8Array; encoding: number } | null;
  mutationType: number;
  /** Milliseconds since 1970; 0 for never. */
  expireAtMs: number;
}

/** A commit as it is asked for. */
export interface AtomicWrite {
  checks: Check[];
  mutations: Mutation[];
  enqueues: unknown[];
}

const field = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: "repeated", type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    SnapshotRead: { fields: { ranges: many("ReadRange", 1) } },
    ReadRange: {
      fields: {
        start: field("bytes", 1),
        end: field("bytes", 2),
        limit: field("int32", 3),
        reverse: field("bool", 4),
      },
    },
    SnapshotReadOutput: {
      fields: {
        ranges: many("ReadRangeOutput", 1),
        readDisabled: field("bool", 2),
        readIsStronglyConsistent: field("bool", 4),
        status: field("int32", 8),
      },
    },
    ReadRangeOutput: { fields: { values: many("Entry", 1) } },
    Entry: {
      fields: {
        key: field("bytes", 1),
        value: field("bytes", 2),
        encoding: field("int32", 3),
        versionstamp: field("bytes", 4),
      },
    },
    AtomicWrite: {
      fields: {
        checks: many("Check", 1),
        mutations: many("Mutation", 2),
        enqueues: many("Enqueue", 3),
      },
    },
    Check: {
      fields: { key: field("bytes", 1), versionstamp: field("bytes", 2) },
    },
    Mutation: {
      fields: {
        key: field("bytes", 1),
        value: field("Value", 2),
        mutationType: field("int32", 3),
        expireAtMs: field("int64", 4),
      },
    },
    Value: { fields: { data: field("bytes", 1), encoding: field("int32", 2) } },
    // Never served: only counted, to be refused.
    Enqueue: { fields: { payload: field("bytes", 1) } },
    AtomicWriteOutput: {
      fields: {
        status: field("int32", 1),
        versionstamp: field("bytes", 2),
        failedChecks: many("uint32", 4),
      },
    },
    Watch: { fields: { keys: many("WatchKey", 1) } },
    WatchKey: { fields: { key: field("bytes", 1) } },
    WatchOutput: {
      fields: {
        status: field("int32", 1),
        keys: many("WatchKeyOutput", 2),
      },
    },
    WatchKeyOutput: {
      fields: {
        changed: field("bool", 1),
        entryIfChanged: field("Entry", 2),
      },
    },
  },
});

const decoder = <T>(name: string) => {
  const type = root.lookupType(name);
  // With every field present, whether it was sent or is its default.
  return (bytes: Uint8Array): T =>
    type.toObject(type.decode(bytes), { longs: Number, defaults: true }) as T;
};

const encoder = <T extends object>(name: string) => {
  const type = root.lookupType(name);
  return (message: T): Uint8Array<ArrayBuffer> =>
    new Uint8Array(type.encode(message).finish());
};

/** Reads a `SnapshotRead`; throws if it is none. */
export const decodeSnapshotRead = decoder<{ ranges: ReadRange[] }>(
  "SnapshotRead",
);

/** Reads an `AtomicWrite`; throws if it is none. */
export const decodeAtomicWrite = decoder<AtomicWrite>("AtomicWrite");

/** Reads a `Watch`; throws if it is none. */
export const decodeWatch = decoder<{ keys: { key: Uint8Array }[] }>("Watch");

/** Writes a `SnapshotReadOutput`. */
export const encodeSnapshotReadOutput = encoder<{
  ranges: { values: Entry[] }[];
  readIsStronglyConsistent: boolean;
  status: number;
}>("SnapshotReadOutput");

/** Writes an `AtomicWriteOutput`. */
export const encodeAtomicWriteOutput = encoder<{
  status: number;
  versionstamp?: Uint8Array;
  failedChecks?: number[];
}>("AtomicWriteOutput");

/** Writes a `WatchOutput`. */
export const encodeWatchOutput = encoder<{
  status: number;
  keys: { changed: boolean; entryIfChanged?: Entry }[];
}>("WatchOutput");
