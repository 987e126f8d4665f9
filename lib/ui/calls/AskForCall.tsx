import type { CallView } from "@/lib/calls/view.ts";
import type { WaitRange } from "@/lib/calls/wait.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";
import { outlookWords, placeWords, waitWords } from "@/lib/ui/queue_words.ts";
import { REASON_MAX } from "@/lib/visits/requests.ts";

/** What `AskForCall` takes. */
export interface AskForCallProps {
  /** The patient's call that goes on already, or null. */
  openCall: CallView | null;
  /** What to expect: how many doctors take calls, and how long it takes. */
  outlook: { doctors: number; wait: WaitRange | null };
  /** New for every form: sent twice, it asks once. */
  formKey: string;
}

/** A doctor now, by video or by voice. It needs no script. */
export function AskForCall({ openCall, outlook, formKey }: AskForCallProps) {
  return (
    <section aria-labelledby="ask" class="grid gap-3">
      <h2 id="ask">Speak to a doctor now</h2>
      {openCall !== null
        ? <Open call={openCall} />
        : (
          <form class="grid gap-3" method="post" action="/calls">
            <p class="text-muted -mt-1">{outlookWords(outlook)}</p>
            <input type="hidden" name="idempotency_key" value={formKey} />
            <div class="mb-1">
              <label class="field-label" for="reason">
                What is it about?{" "}
                <span class="font-normal text-muted">If you like to say</span>
              </label>
              <input
                class="input w-full"
                id="reason"
                name="reason"
                maxLength={REASON_MAX}
                autocomplete="off"
              />
            </div>
            <Choice
              mode="video"
              icon="video"
              name="Video call a doc"
              more="For something you can show"
            />
            <Choice
              mode="voice"
              icon="phone"
              name="Voice call a doc"
              more="No camera, works on a weak line"
            />
          </form>
        )}
    </section>
  );
}

function Choice({ mode, icon, name, more }: {
  mode: string;
  icon: IconName;
  name: string;
  more: string;
}) {
  return (
    <div class="tile">
      <span class="tile-ico">
        <Icon name={icon} />
      </span>
      <div>
        <button
          type="submit"
          name="mode"
          value={mode}
          class="tile-act"
          aria-describedby={`${mode}-more`}
        >
          {name}
        </button>
        <span class="text-muted" id={`${mode}-more`}>{more}</span>
      </div>
    </div>
  );
}

/** There is one already: the way back to it. */
function Open({ call }: { call: CallView }) {
  const { session } = call;
  return (
    <div class="sheet p-5">
      <p class="text-lg font-semibold">
        {session === null
          ? placeWords(call)
          : `${session.doctor.name} is there`}
      </p>
      <p class="mt-0.5 text-muted">
        {session === null ? waitWords(call) : "Your call is going on."}
      </p>
      <a
        class="btn btn-primary btn-block mt-4"
        href={session === null
          ? `/calls/${call.id}`
          : `/telemedicine/${session.id}`}
      >
        {session === null ? "Back to the line" : "Back to the call"}
      </a>
    </div>
  );
}
