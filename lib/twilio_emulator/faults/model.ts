/**
 * The faults that are active, as one value: what an outage, a slow network or
 * an overloaded server does to an application. Pure; `faults.ts` applies it.
 *
 * @module
 */
import { z } from "zod";
import { type CallbackPolicy, NORMAL_DELIVERY } from "../callbacks/policy.ts";

/** Longest latency or delay: nobody waits longer than the Node client's 30 s. */
const MAX_MS = 10 * 60_000;

const milliseconds = z.int().min(0).max(MAX_MS);

/** Which REST calls a fault is for. */
const scope = {
  /** GET, POST or DELETE; by default each. */
  method: z.enum(["GET", "POST", "DELETE"]).optional(),
  /** Path below `/v1`, such as `/Rooms*`; `*` stands for any text. By default each. */
  path: z.string().startsWith("/").max(200).optional(),
  /** For so many calls; by default until it is cleared. */
  times: z.int().min(1).optional(),
  /** By chance, from 0 to 1. */
  probability: z.number().min(0).max(1).optional(),
};

const restFault = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("error"),
    status: z.int().min(400).max(599),
    /** Twilio's error code; `null`: a page of HTML, as proxies answer. */
    code: z.int().min(10_000).max(99_999).nullable().optional(),
    message: z.string().max(500).optional(),
    /** Becomes `Retry-After`. */
    retryAfterSeconds: z.int().min(0).max(86_400).optional(),
    ...scope,
  }),
  /** Answers, but late. */
  z.strictObject({ kind: z.literal("latency"), ms: milliseconds, ...scope }),
  /** Does nothing and says nothing until it is cleared. */
  z.strictObject({ kind: z.literal("hang"), ...scope }),
  /** Does what was asked for and cuts the connection in the middle of the answer. */
  z.strictObject({ kind: z.literal("truncate"), ...scope }),
]);

const callbacks = z.strictObject({
  delayMs: milliseconds,
  copies: z.int().min(1).max(10),
  shuffle: z.int().min(0).max(1000),
  lose: z.union([
    z.number().min(0).max(1),
    z.array(z.string().min(1).max(100)).max(100),
  ]),
}).partial();

const sockets = z.strictObject({
  refuse: z.boolean(),
  freeze: z.boolean(),
  busyMs: z.int().min(-1).max(MAX_MS).nullable(),
}).partial();

/** What can be asked for in one go; what is not named stays as it is. */
export const faultsPatch = z.strictObject({
  /** Replaces the REST faults. The first that fits a call counts; latencies add up. */
  rest: z.array(restFault).max(100),
  /** Signalling sockets: refuse new ones with 503, play dead, say "busy". */
  sockets,
  /** See `CallbackPolicy`. */
  callbacks,
  /** What the emulator's clock is ahead, or behind if below 0. */
  clockSkewMs: z.int().min(-1e12).max(1e12),
  /** Not a state but an act: cuts the sockets of one identity, or all. */
  drop: z.strictObject({ identity: z.string().min(1).optional() }),
}).partial();

/** A fault of REST calls. */
export type RestFault = Readonly<z.infer<typeof restFault>>;

/** What {@link faultsPatch} accepts. */
export type FaultsPatch = z.infer<typeof faultsPatch>;

/** Every active fault. */
export interface FaultState {
  readonly rest: readonly RestFault[];
  readonly sockets: {
    /** New sockets are answered 503. */
    readonly refuse: boolean;
    /** Nothing is read or written. */
    readonly freeze: boolean;
    /** Answer to every `hello`: wait so long, below 0: give up; `null`: welcome. */
    readonly busyMs: number | null;
  };
  readonly callbacks: CallbackPolicy;
  readonly clockSkewMs: number;
}

/** No fault at all. */
export const NO_FAULTS: FaultState = {
  rest: [],
  sockets: { refuse: false, freeze: false, busyMs: null },
  callbacks: NORMAL_DELIVERY,
  clockSkewMs: 0,
};

/** The state after a wish. */
export function patchFaults(
  state: FaultState,
  patch: FaultsPatch,
): FaultState {
  return {
    rest: patch.rest ?? state.rest,
    sockets: { ...state.sockets, ...defined(patch.sockets) },
    callbacks: { ...state.callbacks, ...defined(patch.callbacks) },
    clockSkewMs: patch.clockSkewMs ?? state.clockSkewMs,
  };
}

/** What a REST call meets, and the state after it. */
export interface RestEncounter {
  readonly latencyMs: number;
  readonly fault: Exclude<RestFault, { kind: "latency" }> | null;
  readonly state: FaultState;
}

/** Finds the faults that a REST call meets, and uses up one of their `times`. */
export function meetRestFaults(
  state: FaultState,
  call: { readonly method: string; readonly path: string },
  random: () => number,
): RestEncounter {
  let latencyMs = 0;
  let fault: RestEncounter["fault"] = null;
  const rest = state.rest.flatMap((one): RestFault[] => {
    const isOut = one.kind !== "latency" && fault !== null;
    if (isOut || !isFor(one, call)) return [one];
    if (one.probability !== undefined && random() >= one.probability) {
      return [one];
    }
    if (one.kind === "latency") latencyMs += one.ms;
    else fault = one;
    if (one.times === undefined) return [one];
    return one.times > 1 ? [{ ...one, times: one.times - 1 }] : [];
  });
  return { latencyMs, fault, state: { ...state, rest } };
}

function isFor(
  fault: RestFault,
  call: { readonly method: string; readonly path: string },
): boolean {
  if (fault.method && fault.method !== call.method) return false;
  if (!fault.path) return true;
  const pattern = fault.path.split("*").map(RegExp.escape).join(".*");
  return new RegExp(`^${pattern}$`).test(call.path);
}

/** Without the keys whose value is `undefined`, which would hide what was there. */
function defined<T extends object>(
  values: T | undefined,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values ?? {}).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
