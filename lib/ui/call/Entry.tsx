import type { ComponentChildren } from "preact";
import { calledName, type Me, otherOf } from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What can be done at the door; the name of the button that was pressed. */
export type EntryAction = "open" | "start" | "join" | "voice";

/** What the screens at the door take. No signals here: this is what a page loads before anybody does anything. */
export interface EntryProps {
  session: SessionView;
  me: Me;
  voiceOnly: boolean;
  /** What was pressed and is under way. */
  pressed: EntryAction | null;
  /** Whether a press is heard: the script of the page has arrived. */
  listening: boolean;
  /** The browser is asking for the devices, or about to. */
  opening: boolean;
  onAction(action: EntryAction): void;
}

/** All of a screen besides the call itself. */
export function Screen({ children }: { children: ComponentChildren }) {
  return (
    <main
      id="main"
      tabIndex={-1}
      class="outline-none! mx-auto max-w-5xl px-4 sm:px-6 py-6 sm:py-10"
    >
      {children}
    </main>
  );
}

/** The two halves of the door: the picture and, beside it, what to do. */
export function EntryLayout(
  { title, subtitle, picture, children }: {
    title: string;
    subtitle: string;
    picture: ComponentChildren;
    children: ComponentChildren;
  },
) {
  return (
    <>
      <h1>{title}</h1>
      <p class="text-muted mt-1.5">{subtitle}</p>
      <div class="mt-6 grid gap-6 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)] items-start">
        <div>{picture}</div>
        <div class="grid gap-5">{children}</div>
      </div>
    </>
  );
}

/** Before camera and microphone are on: what the browser will ask, and why. */
export function Explanation(
  { session, me, voiceOnly, listening, opening, onAction }: EntryProps,
) {
  const name = calledName(session, otherOf(session, me));
  const things = voiceOnly ? "microphone" : "camera and microphone";
  return (
    <div
      class={`stage rounded-box ${
        voiceOnly ? "min-h-56" : "aspect-[4/3]"
      } grid`}
    >
      <div class="place-self-center text-center max-w-md px-6 py-8">
        <p class="text-lg font-semibold">
          {opening
            ? "Your browser is asking now."
            : `Next, your browser asks to use your ${things}.`}
        </p>
        <p class="mt-2">
          Choose <strong>Allow</strong>, so that {name} can{" "}
          {voiceOnly ? "hear you" : "see and hear you"}.
        </p>
        <button
          type="button"
          class="btn btn-quiet mt-5"
          disabled={!listening}
          aria-disabled={opening ? "true" : undefined}
          onClick={() => onAction("open")}
        >
          <Icon name={voiceOnly ? "mic" : "video"} />
          Turn on {things}
        </button>
      </div>
    </div>
  );
}

/** The one thing to do next: start, or join. */
export function EntryButtons(
  { session, me, voiceOnly, listening, pressed, onAction }: EntryProps,
) {
  const isDoctor = me.role === "doctor";
  const toStart = session.actions.includes("start");
  const words = toStart
    ? session.presence.patient?.state === "waiting"
      ? `${session.patient.name} is in the waiting room.`
      : "Starting opens the room. Then you can join."
    : isDoctor
    ? ""
    : session.status === "SCHEDULED"
    ? `${session.doctor.name} has not started yet. You can come in and wait.`
    : `${session.doctor.name} has started.`;
  return (
    <div>
      <button
        type="button"
        class="btn btn-primary btn-lg btn-block"
        disabled={!listening}
        aria-disabled={pressed !== null ? "true" : undefined}
        onClick={() => onAction(toStart ? "start" : "join")}
      >
        {!toStart && <Icon name={session.voice_only ? "phone" : "video"} />}
        {toStart
          ? pressed === "start" ? "Starting…" : "Start Session"
          : isDoctor
          ? "Join Call"
          : "Join Session"}
      </button>
      <p class="text-muted mt-2 text-center" role="status">{words}</p>
      {!voiceOnly && (
        <p class="text-center mt-1">
          <button
            type="button"
            class="txt-tap"
            disabled={!listening}
            onClick={() => onAction("voice")}
          >
            Voice only
          </button>
        </p>
      )}
    </div>
  );
}
