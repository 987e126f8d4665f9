import {
  type AtomicWrite,
  ENCODING,
  MUTATION,
  type Mutation,
  type ReadRange,
} from "./messages.ts";

/** denokv's own limits; in bytes where nothing else is said. Deno's client allows more of some. */
export const LIMITS = {
  writeKey: 2048,
  readKey: 2049,
  value: 65_536,
  readRanges: 10,
  readEntries: 1000,
  checks: 10,
  mutations: 1000,
  commit: 819_200,
  watchedKeys: 10,
} as const;

const VERSIONSTAMP_BYTES = 10;

/** A request that is against the protocol or its limits: answered with a 4xx, which clients do not repeat. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Refusal(otherwise);
}

/** Throws `Refusal` for a read that denokv would not answer. */
export function checkRead(ranges: ReadRange[]): void {
  require(ranges.length <= LIMITS.readRanges, "Too many read ranges.");
  let entries = 0;
  for (const { start, end, limit } of ranges) {
    require(limit > 0, "The read range limit is invalid.");
    require(
      Math.max(start.length, end.length) <= LIMITS.readKey,
      "A key exceeds the key size limit.",
    );
    entries += limit;
  }
  require(entries <= LIMITS.readEntries, "The read range is too large.");
}

/** Throws `Refusal` for a commit that denokv would not try. */
export function checkWrite({ checks, mutations, enqueues }: AtomicWrite): void {
  require(enqueues.length === 0, "KV Connect has no queues.");
  require(checks.length <= LIMITS.checks, "Too many checks.");
  require(mutations.length <= LIMITS.mutations, "Too many mutations.");
  let bytes = 0;
  for (const { key, versionstamp } of checks) {
    require(key.length <= LIMITS.readKey, "A key exceeds the key size limit.");
    require(
      [0, VERSIONSTAMP_BYTES].includes(versionstamp.length),
      "Invalid versionstamp.",
    );
    bytes += key.length;
  }
  for (const mutation of mutations) {
    checkMutation(mutation);
    bytes += mutation.key.length + (mutation.value?.data.length ?? 0);
  }
  require(bytes <= LIMITS.commit, "The atomic write is too large.");
}

function checkMutation(
  { key, value, mutationType, expireAtMs }: Mutation,
): void {
  require(key.length <= LIMITS.writeKey, "A key exceeds the key size limit.");
  require(
    (Object.values(MUTATION) as number[]).includes(mutationType),
    "Invalid mutation kind.",
  );
  require(expireAtMs >= -1, "Invalid mutation expiry.");
  if (mutationType === MUTATION.DELETE) return;
  require(value !== null, "A mutation has no value.");
  require(
    value.data.length <= LIMITS.value,
    "A value exceeds the value size limit.",
  );
  require(
    (Object.values(ENCODING) as number[]).includes(value.encoding),
    "Invalid value encoding.",
  );
}

/** Throws `Refusal` for more keys than can be watched at once. */
export function checkWatch(keys: Uint8Array[]): void {
  require(keys.length <= LIMITS.watchedKeys, "Too many watched keys.");
  for (const key of keys) {
    require(key.length <= LIMITS.writeKey, "A key exceeds the key size limit.");
  }
}
