/**
 * Twenty clients ask for everything at once, over HTTP, while commits, the
 * video service and the clients' own patience fail now and then: what they are
 * told is as if one record had been read and written in turn. Four seconds in
 * the ordinary run; `deno task test:linearizability` makes it three times two
 * minutes. A failure names its seed: `LINEARIZABILITY_SEED` repeats what is
 * asked for, though not its timing.
 */
import assert from "node:assert/strict";
import { findAnomalies } from "../support/linearizability.ts";
import { countOf, runCrowd } from "./clients.ts";

const SECONDS = Number(Deno.env.get("LINEARIZABILITY_SECONDS") ?? 4);
const SEEDS = Number(Deno.env.get("LINEARIZABILITY_SEEDS") ?? 1);
const SEED = Number(
  Deno.env.get("LINEARIZABILITY_SEED") ?? Date.now() % 1e9,
);

for (let seed = SEED; seed < SEED + SEEDS; seed++) {
  Deno.test(`concurrent starts, ends and cancels of ${SECONDS} s are linearizable, seed ${seed}`, async () => {
    const histories = await runCrowd({ seed, ms: SECONDS * 1000 });
    assert.deepEqual(histories.flatMap(findAnomalies), []);
    // There was something to be found out.
    const { commits, done, refused, unknown, over } = countOf(histories);
    assert(commits > 50 && done > 100 && refused > 20, "too little to judge");
    assert(unknown > 0 && over > 2, "too little went wrong, or came to an end");
  });
}

for (const defect of ["forgets checks", "reads what was"] as const) {
  Deno.test(`a storage that ${defect} is found out`, async () => {
    const histories = await runCrowd({ seed: SEED, ms: 1_500, defect });
    assert.notDeepEqual(histories.flatMap(findAnomalies), []);
  });
}
