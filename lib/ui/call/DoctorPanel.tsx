import { inSentence } from "@/lib/ui/in_sentence.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { Face } from "@/lib/ui/Face.tsx";

/** Beside the doctor's call: whom it is with, why, and the doctor's own notes. */
export function DoctorPanel(
  { session, when, class: extra }: {
    session: SessionView;
    when: string;
    class: string;
  },
) {
  return (
    <aside
      class={`bg-base-100 flex-col gap-5 p-5 lg:h-dvh lg:overflow-y-auto lg:border-s border-hem ${extra}`}
      aria-label="Visit panel"
    >
      <div class="flex items-center gap-3">
        <Face name={session.patient.name} class="size-11" />
        <div class="min-w-0">
          <h2>{session.patient.name}</h2>
          <p class="text-muted">Planned {inSentence(when)}</p>
        </div>
      </div>
      <dl class="grid gap-4">
        <div>
          <dt class="font-semibold">Reason</dt>
          <dd class="mt-0.5 break-words">{session.reason || "Not given"}</dd>
        </div>
        <div>
          <dt class="font-semibold">Notes</dt>
          <dd class="mt-0.5 whitespace-pre-wrap break-words">
            {session.notes || "None"}
          </dd>
          <dd class="mt-1">
            <a
              class="txt"
              href={`/telemedicine/${session.id}/edit`}
              target="_blank"
              rel="noopener"
            >
              Edit notes in a new tab
            </a>
          </dd>
        </div>
        {/* A voice call may move to another one. */}
        {!session.voice_only && (
          <div>
            <dt class="font-semibold">Room</dt>
            <dd class="mt-0.5 break-all">
              <bdi>{session.room_name}</bdi>
            </dd>
          </div>
        )}
      </dl>
      <p class="text-muted mt-auto">
        <span>Only you see these notes.</span>{" "}
        <a
          class="txt"
          href={`/visits/${session.visit_id}/telemedicine`}
          target="_blank"
          rel="noopener"
        >
          Open the visit in a new tab
        </a>
      </p>
    </aside>
  );
}
