import { AppError } from "@/lib/errors.ts";
import { within } from "@/lib/within.ts";

/** How long an answer of the storage may take. */
const ANSWER_MS = 5_000;
/**
 * How often a storage that does not answer is asked anew. Seldom, because the
 * client goes on asking for what was given up; this is for connections that
 * are dead without knowing.
 */
const PROBE_MS = 30_000;

/**
 * Gives the operations of a storage on another machine an end. Deno's client
 * asks a server that is down again and again, for ever; with this, an
 * operation throws `storage_unavailable` after a few seconds, and the ones
 * after it at once, until the server is back. `watch` waits as long as it has
 * to.
 *
 * The client cannot be told to stop: a commit that was given up may still land
 * when the server returns. Its checks decide then, as they do for any commit
 * whose answer got lost.
 */
export function withDeadline(
  kv: Deno.Kv,
  { answerMs = ANSWER_MS, probeMs = PROBE_MS } = {},
): Deno.Kv {
  let isDown = false;
  let probedAt = 0;
  let answeredAt = 0;

  /** Whether to fail at once. Writes do not probe: nobody wants them to land later. */
  function isGivenUp(kind: "read" | "write"): boolean {
    if (!isDown) return false;
    if (kind === "write" || performance.now() - probedAt < probeMs) return true;
    probedAt = performance.now();
    return false;
  }

  async function limit<T>(
    kind: "read" | "write",
    operate: () => Promise<T>,
  ): Promise<T> {
    if (isGivenUp(kind)) throw unavailable();
    const startedAt = performance.now();
    const operation = operate();
    // However late, and be it a refusal: it answers again.
    const answered = () => {
      isDown = false;
      answeredAt = performance.now();
    };
    operation.then(answered, answered);
    return await within(answerMs, operation, () => {
      // Others were answered meanwhile: it is this one connection only.
      isDown = answeredAt < startedAt;
      probedAt = performance.now();
      throw unavailable();
    });
  }

  const plain = {
    get: kv.get.bind(kv),
    getMany: kv.getMany.bind(kv),
    set: kv.set.bind(kv),
    delete: kv.delete.bind(kv),
    list: kv.list.bind(kv),
    atomic: kv.atomic.bind(kv),
  };
  const limited: Partial<Deno.Kv> = {
    get: (...args) => limit("read", () => plain.get(...args)) as never,
    getMany: (...args) => limit("read", () => plain.getMany(...args)) as never,
    set: (...args) => limit("write", () => plain.set(...args)),
    delete: (...args) => limit("write", () => plain.delete(...args)),
    list(...args) {
      const entries = plain.list(...args);
      const next = entries.next.bind(entries);
      entries.next = () => limit("read", next);
      return entries as never;
    },
    atomic() {
      const operation = plain.atomic();
      const commit = operation.commit.bind(operation);
      operation.commit = () => limit("write", commit);
      return operation;
    },
  };
  return Object.assign(kv, limited);
}

function unavailable(): AppError {
  return new AppError("storage_unavailable", "The storage does not answer", {
    retryAfterSeconds: 5,
  });
}
