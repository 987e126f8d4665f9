import { useEffect, useRef, useState } from "preact/hooks";
import { watchSound } from "@/lib/call/ringer.ts";
import { isAllowed } from "@/lib/call/permission.ts";
import { stayHere } from "@/lib/call/staying.ts";
import type { CallView } from "@/lib/calls/view.ts";
import { watch } from "@/lib/live_client.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Widen, Wishes } from "@/lib/ui/calls/Wishes.tsx";
import {
  callToJoin,
  hasSlippedBack,
  isJustTaken,
  lineNews,
  placeWords,
  SLIPPED_BACK,
  waitWords,
} from "@/lib/ui/wait_words.ts";
import type { FunctionComponent } from "preact";
import type { DeviceTryProps } from "@/lib/ui/calls/DeviceTry.tsx";

/** What `CallWait` takes. */
export interface CallWaitProps {
  call: CallView;
}

/** While one waits there is time: what is needed later comes a little later. */
const LATER_MS = 3_000;
const loadLater = () => import("@/lib/call/waiting.ts");
const loadDevices = () => import("@/lib/ui/calls/DeviceTry.tsx");

/**
 * A patient in the queue: place, how long it will take, the devices to be
 * tried meanwhile, and, as soon as a doctor accepts, the way into the call. By
 * itself only a page goes in that has seen the acceptance; one that is opened
 * later, or had taken the call back, offers a button.
 */
export default function CallWait(props: CallWaitProps) {
  const [call, setCall] = useState(props.call);
  const [news, setNews] = useState("");
  const [slipped, setSlipped] = useState(false);
  /** The session that this page is about to join by itself. */
  const [entering, setEntering] = useState<string | null>(null);
  /** What was to come later did not. */
  const [incomplete, setIncomplete] = useState(false);
  const latest = useRef(props.call);
  const cancelling = useRef(false);
  const { status, mode } = call;
  const session = callToJoin(call);
  // One that goes back to the line waits on here.
  const isGone = status !== "WAITING" && session === null &&
    !call.session?.returns_to_line;

  useEffect(
    () =>
      watch<CallView>(`calls/${call.id}/events/`, "call", (next) => {
        const before = latest.current;
        latest.current = next;
        const said = lineNews(before, next);
        if (said !== "") setNews(said);
        if (before.position !== next.position) {
          setSlipped(hasSlippedBack(before, next));
        }
        // It was not taken back after all.
        cancelling.current &&= next.status !== "WAITING";
        const joinable = callToJoin(next);
        if (joinable?.presence.patient !== null) {
          // Over, or gone into on another device.
          setEntering(null);
        } else if (isJustTaken(before, next) && !cancelling.current) {
          setEntering(joinable.id);
        }
        setCall(next);
      }),
    [],
  );

  useEffect(() => {
    // The server knows what there is to show then.
    if (isGone) location.reload();
    if (status !== "WAITING") return;
    const stopping = new AbortController();
    const stop = stayHere(`calls/${call.id}/`);
    setTimeout(() =>
      loadLater().then(
        ({ keepScreenOn }) => keepScreenOn(stopping.signal),
        () => setIncomplete(true),
      ), LATER_MS);
    return () => {
      stopping.abort();
      stop();
    };
  }, [status, isGone]);

  useEffect(() => {
    if (entering === null) return;
    const offer = () => setEntering(null);
    const stopping = new AbortController();
    loadLater().then(({ callIn }) => {
      callIn(session!, offer, stopping.signal);
    }, offer);
    return () => stopping.abort();
  }, [entering]);

  return (
    <>
      {session === null
        ? (
          <>
            <p class="st st-wait">
              <Icon name="hourglass" />
              You are in line
            </p>
            <h1 class="mt-3">{placeWords(call)}</h1>
            {slipped && <p class="mt-1.5">{SLIPPED_BACK}</p>}
            {status === "WAITING" && (
              <>
                <p class="text-lg mt-1.5">{waitWords(call)}</p>
                <Meanwhile
                  call={call}
                  onCancel={() => cancelling.current = true}
                />
              </>
            )}
          </>
        )
        : (
          <>
            <p class="st st-live">
              <Icon name="radio" />
              Ready for you
            </p>
            <h1 class="mt-3">{session.doctor.name} took your call</h1>
            <p class="text-lg mt-1.5">You can join the call here.</p>
            <a
              class="btn btn-primary btn-lg btn-block mt-5"
              href={`/telemedicine/${session.id}`}
            >
              <Icon name={mode === "voice" ? "phone" : "video"} />
              Join Session
            </a>
          </>
        )}
      {incomplete && session === null && <Incomplete />}
      <p class="sr-only" role="status">{news}</p>
    </>
  );
}

function Meanwhile(
  { call, onCancel }: { call: CallView; onCancel(): void },
) {
  const { id, mode, reason } = call;
  const [canRing, setCanRing] = useState<boolean | null>(null);
  useEffect(() => watchSound(setCanRing), []);
  return (
    <>
      <Widen call={call} />
      <p class="mt-4 text-muted">
        Leave this page open: you join as soon as a doctor takes your call. If
        you look at something else it rings, unless your phone is locked or
        silent.
      </p>
      {canRing === false && (
        <button type="button" class="txt-tap mt-1">
          <Icon name="bell-off" />
          Press to turn sound on
        </button>
      )}
      {reason !== "" && (
        <p class="mt-2">
          <span class="text-muted">What it is about:</span> {reason}
        </p>
      )}
      <Wishes call={call} />
      <Devices mode={mode} />
      <form method="post" action={`/calls/${id}/cancel`} onSubmit={onCancel}>
        <button type="submit" class="btn btn-quiet btn-block mt-5">
          Cancel call
        </button>
      </form>
    </>
  );
}

/**
 * Code did not come; see `NotArrived`. Sharing that with the call would give
 * both pages one more script to fetch.
 */
function Incomplete() {
  return (
    <p class="note note-fail mt-4" role="alert">
      <span>
        A part of this page did not arrive. Check that you are online, then{" "}
        <a class="txt" href="">reload this page</a>.
      </span>
    </p>
  );
}

/** Camera and microphone, to be tried while there is time; by themselves where the browser asks nothing. */
function Devices({ mode }: Pick<CallView, "mode">) {
  const voiceOnly = mode === "voice";
  const [Try, setTry] = useState<FunctionComponent<DeviceTryProps> | null>(
    null,
  );
  const [listening, setListening] = useState(false);
  const [failed, setFailed] = useState(false);
  const pressed = useRef(false);
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

  if (Try !== null) {
    return <Try voiceOnly={voiceOnly} takesFocus={pressed.current} />;
  }
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
        onClick={() => {
          pressed.current = true;
          void open();
        }}
      >
        <Icon name={voiceOnly ? "mic" : "video"} />
        {`Turn on ${things}`}
      </button>
      {failed && <Incomplete />}
    </div>
  );
}
