import { stopwatch } from "@/lib/ui/stopwatch.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import {
  consentSentence,
  recordingSentence,
} from "@/lib/ui/recording/recording_words.ts";
import { duration } from "@/lib/ui/times.ts";

/** What `RecordingSection` takes. */
export interface RecordingSectionProps {
  session: SessionView;
  /** Who reads. */
  seat: Seat;
  timeZone: string;
}

/** Where the recording of a session is, who allowed it, and the ways to play and to delete it. */
export function RecordingSection(
  { session, seat, timeZone }: RecordingSectionProps,
) {
  const sentence = recordingSentence(session, seat);
  if (sentence === null) return null;
  const { url, duration_seconds: seconds, state } = session.recording;
  return (
    <section aria-labelledby="recording">
      <h2 id="recording" class="mb-3">Recording</h2>
      <div class="sheet overflow-hidden">
        {url !== undefined && seconds !== null && (
          <div class="stage aspect-[2.4] grid place-items-center">
            <a
              class="size-20 rounded-full grid place-items-center bg-[#f4eef0] text-[#2a2230]"
              href={url}
              aria-label={`Play recording, ${duration(seconds)}`}
            >
              <Icon name="play" class="size-8" />
            </a>
            <p class="plate absolute end-3 bottom-3 num">
              {stopwatch(seconds)}
            </p>
          </div>
        )}
        <div class="p-5 flex flex-wrap gap-4 items-center justify-between">
          <p class="flex gap-3 items-start min-w-0 basis-80 grow">
            <Icon
              name={state === "failed" ? "triangle-alert" : "shield-check"}
              class="size-5 mt-0.5"
            />
            <span>
              {[sentence, consentSentence(session, seat, timeZone)]
                .filter((words) => words !== "").join(" ")}
              {state === "ready" && " Each viewing is written to the history."}
            </span>
          </p>
          {session.actions.includes("delete_recording") && (
            <a
              class="btn btn-quiet"
              href={`/telemedicine/${session.id}/recording/delete`}
            >
              <Icon name="trash" />
              Delete recording
            </a>
          )}
        </div>
      </div>
    </section>
  );
}
