import type { ComponentChildren } from "preact";
import type { Call } from "@/lib/call/call_model.ts";
import { callProblem } from "@/lib/call/call_problem.ts";
import { calledName, type Me, otherOf, seatOf } from "@/lib/call/people.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";

/**
 * The question whether to switch from voice to video, and how it stands. It
 * takes neither the focus nor the view: whoever is writing or speaking goes
 * on, and answers when they like.
 */
export default function VideoSwitch({ call, me }: { call: Call; me: Me }) {
  const session = call.session.value;
  const other = otherOf(session, me);
  const name = calledName(session, other);
  const offer = session.video_offer;
  const notice = call.notice.value;
  const busy = call.busy.value ? "true" as const : undefined;

  /** The button that was pressed goes with its answer: go on reading here. */
  function answer(accepted: boolean): void {
    void call.answerVideo(accepted);
    document.getElementById("main")?.focus();
  }

  if (offer !== null && offer.by !== seatOf(session, me)) {
    return (
      <Sheet
        icon="video"
        title={`${other.name} would like to switch to video`}
        buttons={
          <>
            <button
              type="button"
              class="btn btn-primary grow"
              aria-disabled={busy}
              onClick={() => answer(true)}
            >
              <Icon name="video" />
              Turn on video
            </button>
            <button
              type="button"
              class="btn btn-quiet grow"
              aria-disabled={busy}
              onClick={() => answer(false)}
            >
              <Icon name="phone" />
              Stay on voice
            </button>
          </>
        }
      >
        Your camera stays off unless you turn on video. The call goes on either
        way.
        {session.recording.active &&
          " If you switch, the recording stops until both of you allow it again, with the picture."}
      </Sheet>
    );
  }
  if (offer !== null) {
    return (
      <Sheet
        icon="hourglass"
        title={`Waiting for ${name} to agree…`}
        buttons={
          <button
            type="button"
            class="btn btn-quiet"
            aria-disabled={busy}
            onClick={() => answer(false)}
          >
            Withdraw
          </button>
        }
      >
        Your camera turns on when {name} agrees, not before. The call goes on.
      </Sheet>
    );
  }
  if (session.video_pending) {
    return (
      <Sheet icon="hourglass" title="Switching to video…">
        The call goes on meanwhile.
      </Sheet>
    );
  }
  if (notice === null) return null;
  return (
    <Sheet
      icon="circle-alert"
      title={typeof notice === "string" ? notice : callProblem(notice).cause}
      buttons={
        <button
          type="button"
          class="btn btn-quiet"
          onClick={() => {
            call.notice.value = null;
            document.getElementById("main")?.focus();
          }}
        >
          OK
        </button>
      }
    />
  );
}

interface SheetProps {
  icon: IconName;
  title: string;
  buttons?: ComponentChildren;
  children?: ComponentChildren;
}

/** Between the stage and the controls. What it says is said aloud by the call's own announcements. */
function Sheet({ icon, title, buttons, children }: SheetProps) {
  return (
    <section
      class="sheet text-base-content m-2 sm:m-3 mb-0 p-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3"
      aria-label="Switch to video"
    >
      <div class="flex gap-3 items-start min-w-0 basis-72 grow">
        <Icon name={icon} class="size-5 mt-1 shrink-0" />
        <div>
          <p class="text-lg font-semibold">{title}</p>
          {children && <p class="text-muted">{children}</p>}
        </div>
      </div>
      {buttons && <div class="flex flex-wrap gap-2">{buttons}</div>}
    </section>
  );
}
