import { deepEqual, equal } from "node:assert/strict";
import type { QueueView } from "@/lib/calls/view.ts";
import {
  companyWords,
  queueNews,
  queueTitle,
  secondsLeft,
} from "@/lib/ui/queue_words.ts";

Deno.test("the queue says how many wait and who takes calls", () => {
  deepEqual([0, 1, 3].map(queueTitle), [
    "Nobody is waiting",
    "1 patient is waiting",
    "3 patients are waiting",
  ]);
  const words = (available: boolean, colleagues: string[]) =>
    companyWords({
      availability: {
        available,
        stopped: null,
        specialties: [],
        languages: [],
        session_id: null,
      },
      colleagues,
    });
  equal(words(true, ["Dr Lee"]), "You are available, and so is Dr Lee.");
  equal(
    words(true, ["Dr Lee", "Dr Ito"]),
    "You are available, and so are Dr Lee and Dr Ito.",
  );
  equal(words(false, ["Dr Lee"]), "You are not available. Dr Lee is.");
  equal(words(true, []), "You are available, and nobody else is.");
  equal(
    words(true, ["A", "B", "C", "D"]),
    "You are available, and so are 4 others.",
  );
});

Deno.test("an offer is counted down by the server's clock", () => {
  const until = "2026-11-21T12:00:30.000Z";
  equal(secondsLeft(until, Date.parse(until) - 17_200), 18);
  equal(secondsLeft(until, Date.parse(until) + 5_000), 0);
});

Deno.test("what is new is said once, and an offer before all else", () => {
  const call = (id: string, name: string, offer: { until: string } | null) => ({
    id,
    mode: "video",
    patient: { id, name },
    offer,
  });
  const queue = (...calls: ReturnType<typeof call>[]) =>
    ({
      calls,
      gone: [],
      planned: [],
      availability: { stopped: null },
    }) as unknown as QueueView;
  const waits = call("1", "Pat Night", null);
  const rings = call("1", "Pat Night", { until: "" });
  const other = call("2", "Olga Other", null);
  equal(queueNews(queue(), queue(waits)), "Pat Night is waiting, video call.");
  equal(
    queueNews(queue(waits), queue(rings, other)),
    "Pat Night is offered to you, video call.",
  );
  equal(queueNews(queue(rings), queue(rings)), "");
  // Of an offer one hears the end as well: the next is news again.
  equal(
    queueNews(queue(rings), queue(waits)),
    "Pat Night is not offered to you any more.",
  );
  const left = (taken: boolean) => ({ ...queue(), gone: [{ id: "1", taken }] });
  equal(
    queueNews(queue(waits), left(true)),
    "Pat Night: Taken by a colleague.",
  );
  equal(
    queueNews(queue(waits), left(false)),
    "Pat Night: Not waiting any more.",
  );
  const planned = (waiting_since: string | null) =>
    ({
      ...queue(),
      planned: [{ session_id: "s", patient: waits.patient, waiting_since }],
    }) as unknown as QueueView;
  equal(
    queueNews(planned(null), planned("2026-11-21T12:00:00.000Z")),
    "Pat Night is in the waiting room.",
  );
  equal(queueNews(planned(null), planned(null)), "");
  const stopped = { ...queue().availability, stopped: "unanswered" as const };
  equal(
    queueNews(queue(waits), { ...queue(waits), availability: stopped }),
    "Calls went unanswered here, so none ring here any more.",
  );
  equal(
    queueNews({ ...queue(waits), availability: stopped }, queue(waits)),
    "Calls ring here again.",
  );
});
