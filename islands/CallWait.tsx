import { useEffect, useState } from "preact/hooks";
import { announceArrival } from "@/lib/call/arrival.ts";
import { playChime } from "@/lib/call/chime.ts";
import { isAllowed } from "@/lib/call/permission.ts";
import { stayHere } from "@/lib/call/staying.ts";
import type { CallView } from "@/lib/calls/view.ts";
import { watch } from "@/lib/live_client.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { placeWords, waitWords } from "@/lib/ui/wait_words.ts";
import { Widen, Wishes } from "@/lib/ui/calls/Wishes.tsx";
import type { FunctionComponent } from "preact";
import type { DeviceTryProps } from "@/lib/ui/calls/DeviceTry.tsx";

/** What `CallWait` takes. */
export interface CallWaitProps {
  call: CallView;
}

const loadDevices = () => import("@/lib/ui/calls/DeviceTry.tsx");

/**
 * A patient in the queue: place, how long it will take, the devices to be
 * tried meanwhile, and, as soon as a doctor accepts, the way into the call.
 */
export default function CallWait(props: CallWaitProps) {
  const [call, setCall] = useState(props.call);
  const { status, session, mode } = call;
  const isTaken = session !== null;
  const title = isTaken ? `${session.doctor.name} is ready` : placeWords(call);

  useEffect(() => {
    if (status !== "WAITING") return;
    const path = `calls/${call.id}/`;
    const stops = [
      watch<CallView>(`${path}events/`, "call", setCall),
      stayHere(path),
    ];
    return () => stops.forEach((stop) => stop());
  }, [status]);

  useEffect(() => {
    if (status === "CANCELLED" || status === "EXPIRED") location.reload();
    if (!isTaken) return;
    // Nobody is to be seen who does not look: a page out of sight rings.
    const enter = () => {
      if (document.visibilityState !== "visible") return;
      announceArrival(session.id);
      location.replace(`/telemedicine/${session.id}`);
    };
    if (document.visibilityState !== "visible") {
      document.title = title;
      playChime();
    }
    enter();
    document.addEventListener("visibilitychange", enter);
    return () => document.removeEventListener("visibilitychange", enter);
  }, [isTaken, status]);

  return (
    <>
      <p class={`st ${isTaken ? "st-live" : "st-wait"}`}>
        <Icon name={isTaken ? "radio" : "hourglass"} />
        {isTaken ? "Ready for you" : "You are in line"}
      </p>
      <h1 class="mt-3">{title}</h1>
      <p class="text-lg mt-1.5" role="status">
        {isTaken ? "You are joining the call." : waitWords(call)}
      </p>
      {isTaken
        ? (
          <a
            class="btn btn-primary btn-lg btn-block mt-5"
            href={`/telemedicine/${session.id}`}
          >
            <Icon name={mode === "voice" ? "phone" : "video"} />
            Join Session
          </a>
        )
        : <Meanwhile call={call} />}
    </>
  );
}

function Meanwhile({ call }: { call: CallView }) {
  const { id, mode, reason } = call;
  return (
    <>
      <Widen call={call} />
      <p class="mt-4 text-muted">
        Leave this page open. You join by yourself as soon as a doctor takes
        your call.
      </p>
      {reason !== "" && (
        <p class="mt-2">
          <span class="text-muted">What it is about:</span> {reason}
        </p>
      )}
      <Wishes call={call} />
      <Devices voiceOnly={mode === "voice"} />
      <form method="post" action={`/calls/${id}/cancel`}>
        <button type="submit" class="btn btn-quiet btn-block mt-5">
          Cancel call
        </button>
      </form>
    </>
  );
}

/** Camera and microphone, to be tried while there is time; by themselves where the browser asks nothing. */
function Devices({ voiceOnly }: { voiceOnly: boolean }) {
  const [Try, setTry] = useState<FunctionComponent<DeviceTryProps> | null>(
    null,
  );
  const [listening, setListening] = useState(false);
  const [failed, setFailed] = useState(false);
  const things = voiceOnly ? "microphone" : "camera and microphone";

  async function open(): Promise<void> {
    setFailed(false);
    await loadDevices().then(
      ({ default: DeviceTry }) => setTry(() => DeviceTry),
      () => setFailed(true),
    );
  }

  useEffect(() => {
    setListening(true);
    const kinds = voiceOnly
      ? ["microphone" as const]
      : ["camera" as const, "microphone" as const];
    isAllowed(kinds).then((allowed) => {
      if (allowed) void open();
    });
  }, []);

  if (Try !== null) return <Try voiceOnly={voiceOnly} />;
  return (
    <div class="sheet mt-6 p-5">
      <p class="font-semibold">{`Try your ${things} meanwhile`}</p>
      <p class="mt-1 text-muted">
        {`Your browser asks once. Then you are ${
          voiceOnly ? "heard" : "seen and heard"
        } as soon as a doctor takes your call.`}
      </p>
      <button
        type="button"
        class="btn btn-quiet mt-4"
        disabled={!listening}
        onClick={() => void open()}
      >
        <Icon name={voiceOnly ? "mic" : "video"} />
        {`Turn on ${things}`}
      </button>
      {failed && (
        <p class="note note-fail mt-4" role="alert">
          A part of this page did not arrive. Check that you are online, then
          try again.
        </p>
      )}
    </div>
  );
}
