import { ulid } from "ulid";

/** Random bytes, asked for in bulk: the library would ask for each character by itself. */
const pool = new Uint8Array(4096);
let used = pool.length;

function random(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool[used++]! / 256;
}

/** A new ULID: 48 bits of time, 80 random ones from the system's source. */
export function newId(): string {
  return ulid(undefined, random);
}
