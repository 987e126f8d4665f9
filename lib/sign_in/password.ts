import {
  randomBytes,
  scrypt,
  type ScryptOptions,
  timingSafeEqual,
} from "node:crypto";
import { AppError } from "@/lib/errors.ts";

/**
 * Password hashes as PHC strings (`$argon2id$v=19$m=…$salt$hash`): Argon2id
 * by Web Crypto with OWASP's parameters (19 MiB, 2 passes), scrypt (2^15, 8,
 * 3) where a runtime has no Argon2. Two are computed at a time: each takes
 * tens of megabytes. Throws `rate_limited` when too many wait.
 */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1 };
const SCRYPT = { logN: 15, r: 8, p: 3 };
const HASH_BYTES = 32;
const AT_ONCE = 2;
/** Who would wait longer than a second or two is better told so. */
const IN_LINE_MAX = 30;

/** Whether this runtime's Web Crypto knows Argon2id; Deno Deploy's may not. */
const hasArgon2 = "supports" in SubtleCrypto &&
  (SubtleCrypto as unknown as {
    supports(operation: string, algorithm: unknown, bits: number): boolean;
  }).supports(
    "deriveBits",
    { name: "Argon2id", ...ARGON2, nonce: new Uint8Array(16) },
    HASH_BYTES * 8,
  );

/** The PHC string of a password, with a new salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  if (hasArgon2) {
    const { memory, passes, parallelism } = ARGON2;
    const hash = await inTurn(() => argon2id(password, salt, ARGON2));
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}` +
      `$${encode(salt)}$${encode(hash)}`;
  }
  const { logN, r, p } = SCRYPT;
  const hash = await inTurn(() => scryptOf(password, salt, SCRYPT));
  return `$scrypt$ln=${logN},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
}

/** Whether this is the password the PHC string was made from. Throws `TypeError` for a string it cannot read. */
export async function verifyPassword(
  password: string,
  phc: string,
): Promise<boolean> {
  const { algorithm, parameters, salt, hash } = parsePhc(phc);
  const value = (name: string) => Number(parameters.get(name));
  const actual = await inTurn(() =>
    algorithm === "argon2id"
      ? argon2id(password, salt, {
        memory: value("m"),
        passes: value("t"),
        parallelism: value("p"),
      })
      : scryptOf(password, salt, {
        logN: value("ln"),
        r: value("r"),
        p: value("p"),
      })
  );
  return actual.length === hash.length && timingSafeEqual(actual, hash);
}

interface Phc {
  algorithm: "argon2id" | "scrypt";
  parameters: Map<string, string>;
  salt: Uint8Array;
  hash: Uint8Array;
}

const PHC =
  /^\$(argon2id|scrypt)(?:\$v=\d+)?\$([a-z]+=\d+(?:,[a-z]+=\d+)*)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parsePhc(phc: string): Phc {
  const [, algorithm, parameters, salt, hash] = PHC.exec(phc) ?? [];
  if (!algorithm || !parameters || !salt || !hash) {
    throw new TypeError("Cannot read the password hash: not a PHC string");
  }
  return {
    algorithm: algorithm as Phc["algorithm"],
    parameters: new Map(
      parameters.split(",").map((pair) => pair.split("=") as [string, string]),
    ),
    salt: decode(salt),
    hash: decode(hash),
  };
}

async function argon2id(
  password: string,
  salt: Uint8Array,
  parameters: { memory: number; passes: number; parallelism: number },
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey(
    "raw-secret" as "raw",
    new TextEncoder().encode(password),
    "Argon2id",
    false,
    ["deriveBits"],
  );
  const bits = await crypto.subtle.deriveBits(
    { name: "Argon2id", nonce: salt, ...parameters } as Algorithm,
    key,
    HASH_BYTES * 8,
  );
  return new Uint8Array(bits);
}

function scryptOf(
  password: string,
  salt: Uint8Array,
  { logN, r, p }: { logN: number; r: number; p: number },
): Promise<Uint8Array> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 2 ** 28 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** PHC strings use base64 without padding. */
function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}

function decode(text: string): Uint8Array {
  return Uint8Array.fromBase64(text);
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running === AT_ONCE) {
    if (waiting.length >= IN_LINE_MAX) {
      throw new AppError("rate_limited", "Too many people sign in at once", {
        retryAfterSeconds: 2,
      });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    // The next in line takes this one's place.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
