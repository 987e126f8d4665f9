/**
 * Sessions against everything at once: users, late and doubled callbacks,
 * people who come and go, faults of the video service and of the storage, the
 * clock, reconcilers of two processes and crashes between any two effects,
 * interleaved at random over the real storage and the real emulator. A hundred
 * interleavings in the ordinary run; `deno task test:model` makes it two
 * thousand. A failure names its seed (`MODEL_SEED` repeats it) and shows the
 * course of events.
 *
 * It was tried on broken products. Within 500 interleavings it finds each of:
 * changeSession() without the check of the session, of the visit's running
 * session, or of the visit; closeVisit() without the check of the running
 * session, or that leaves sessions planned; a commit without its outbox rows,
 * without the guard of the lease, or with an index left behind; an end that
 * does not note that the room has to be closed; a start confirmed by another
 * attempt's room, or whose room is asked for before that is written down; an
 * end that refuses to be repeated; commits repeated after any error, or
 * answered before they landed; promises forgotten instead of put off; rooms
 * nobody needs, strangers and expired plans left as they are.
 */
import fc from "fast-check";
import { runInterleaving } from "./interleaving.ts";
import { interleavings } from "./steps.ts";

const RUNS = Number(Deno.env.get("MODEL_RUNS") ?? 100);
const SEED = Number(Deno.env.get("MODEL_SEED") ?? Date.now() % 1e9);

Deno.test(`${RUNS} interleavings of users, faults, clocks and crashes end in legal states, seed ${SEED}`, async () => {
  await fc.assert(fc.asyncProperty(interleavings, runInterleaving), {
    numRuns: RUNS,
    seed: SEED,
  });
});
