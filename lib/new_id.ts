import { decodeTime, ulid } from "ulid";

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

/** A new ULID that sorts after another, whatever the clocks say; like `newId` if there is no other. */
export function newIdAfter(other: string | null): string {
  const id = newId();
  if (other === null || id > other) return id;
  return ulid(decodeTime(other) + 1, random);
}

/** A name for a room: random, so that it says nothing about anybody and is never used twice. */
export function newRoomName(): string {
  return `bedside-${crypto.randomUUID()}`;
}
