import { useEffect, useRef, useState } from "preact/hooks";
import { announceArrival } from "@/lib/call/arrival.ts";
import { ring } from "@/lib/call/ringer.ts";
import { stayHere } from "@/lib/call/staying.ts";
import {
  acceptCall,
  declineCall,
  setAvailability,
} from "@/lib/calls_client.ts";
import type { QueueView } from "@/lib/calls/view.ts";
import { watch } from "@/lib/live_client.ts";
import { AvailabilitySwitch } from "@/lib/ui/calls/AvailabilitySwitch.tsx";
import { Planned } from "@/lib/ui/calls/Planned.tsx";
import {
  GONE_MS,
  nextRows,
  rowsOf,
  standing,
} from "@/lib/ui/calls/queue_rows.ts";
import { type QueueCommand, QueueRow } from "@/lib/ui/calls/QueueRow.tsx";
import { SOUND_WORDS } from "@/lib/ui/calls/sound.ts";
import { useKeptFocus } from "@/lib/ui/calls/use_kept_focus.ts";
import { useSound } from "@/lib/ui/calls/use_sound.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import {
  companyWords,
  queueNews,
  queueTitle,
  stoppedWords,
} from "@/lib/ui/queue_words.ts";

/** What `DoctorQueue` takes. */
export interface DoctorQueueProps {
  queue: QueueView;
  timeZone: string;
}

/** Every so often it rings again, as long as the offer lasts. */
const RING_MS = 5_000;

/** Who waits for a doctor, live, with sound and count; and whether this doctor takes calls. */
export default function DoctorQueue(props: DoctorQueueProps) {
  const [queue, setQueue] = useState(props.queue);
  const [rows, setRows] = useState(() => rowsOf(props.queue));
  const [nowMs, setNowMs] = useState(Date.parse(props.queue.now));
  const [news, setNews] = useState({ said: "", times: 0 });
  const [pressed, setPressed] = useState<Record<string, QueueCommand>>({});
  const [switching, setSwitching] = useState(false);
  const [problem, setProblem] = useState("");
  const { sound, toggle: toggleSound } = useSound();
  const latest = useRef(props.queue);
  const { calls, availability, planned } = queue;
  const isBusy = availability.session_id !== null;
  const rings = !isBusy && calls.some(({ offer }) => offer !== null);

  useEffect(() => {
    // This device's clock may be wrong; offers run by the server's.
    let aheadMs = Date.parse(props.queue.now) - Date.now();
    const tick = () => setNowMs(Date.now() + aheadMs);
    const timer = setInterval(tick, 1_000);
    const stop = watch<QueueView>("calls/events/", "queue", (next) => {
      aheadMs = Date.parse(next.now) - Date.now();
      const said = queueNews(latest.current, next);
      if (said !== "") setNews(({ times }) => ({ said, times: times + 1 }));
      latest.current = next;
      setQueue(next);
      setRows((before) => nextRows(before, next, Date.now() + aheadMs));
      tick();
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, []);

  useEffect(() => {
    if (availability.available) return stayHere("calls/availability/");
  }, [availability.available]);

  useEffect(() => {
    if (!rings || sound !== "on") return;
    ring();
    const timer = setInterval(ring, RING_MS);
    return () => clearInterval(timer);
  }, [rings, sound]);

  useEffect(() => showCount(calls.length), [calls.length]);

  useKeptFocus((focused) => {
    if (focused.closest("[data-call=availability]")) return ["[role=switch]"];
    const row = focused.closest<HTMLElement>("[data-call-id]");
    return row === null ? ["h1"] : [`#call-${row.dataset.callId}`, "h1"];
  });

  async function carryOut(id: string, command: QueueCommand): Promise<void> {
    setProblem("");
    setPressed((before) => ({ ...before, [id]: command }));
    try {
      if (command === "accept") {
        const { session } = await acceptCall(id);
        announceArrival(session.id);
        location.assign(`/telemedicine/${session.id}`);
        // The page goes; until then nothing else is to be pressed.
        return;
      }
      await declineCall(id);
    } catch (error) {
      setProblem((error as Error).message);
    }
    setPressed(({ [id]: _done, ...others }) => others);
  }

  async function changeAvailability(): Promise<void> {
    setProblem("");
    setSwitching(true);
    const known = latest.current;
    try {
      const next = await setAvailability(!availability.available);
      // What the live line has told meanwhile, or is about to, is newer.
      if (latest.current === known) {
        setQueue((before) => ({ ...before, availability: next }));
      }
    } catch (error) {
      setProblem((error as Error).message);
    }
    setSwitching(false);
  }

  function onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const command = form.dataset.call;
    if (command === undefined) return;
    event.preventDefault();
    if (command === "availability") {
      if (!switching) void changeAvailability();
      return;
    }
    const id = form.closest<HTMLElement>("[data-call-id]")!.dataset.callId!;
    if (pressed[id] === undefined) void carryOut(id, command as QueueCommand);
  }

  const offered = calls.find(({ offer }) => offer !== null) ??
    calls.find(({ away }) => !away);
  const shown = standing(rows, nowMs);
  return (
    <div
      class={planned.length === 0
        ? ""
        : "grid gap-8 lg:grid-cols-[minmax(0,1fr)_20rem] items-start"}
      onSubmit={onSubmit}
    >
      <div>
        <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
          <div class="grow basis-72">
            <h1 tabIndex={-1}>{queueTitle(calls.length)}</h1>
            <p class="text-muted mt-1.5">{companyWords(queue)}</p>
            <p>
              <a class="txt" href="/doctor/queue/skills">
                Which calls ring here
              </a>
            </p>
          </div>
          <div class="flex flex-wrap items-center gap-x-5 gap-y-2">
            <AvailabilitySwitch
              available={availability.available}
              isBusy={switching}
            />
            <button
              type="button"
              class="btn btn-quiet"
              aria-pressed={sound === "on" ? "true" : "false"}
              onClick={toggleSound}
            >
              <Icon name={sound === "on" ? "bell" : "bell-off"} />
              {SOUND_WORDS[sound]}
            </button>
          </div>
        </div>
        {problem !== "" && (
          <Note tone="wait" icon="triangle-alert" role="alert" class="mt-6">
            {`${problem}.`}
          </Note>
        )}
        {availability.stopped !== null && (
          <Note tone="wait" icon="bell-off" class="mt-6 sm:items-center">
            <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
              <p>{stoppedWords(availability)}</p>
              <form
                method="post"
                action="/doctor/queue"
                data-call="availability"
                class="w-full sm:w-auto"
              >
                <button
                  type="submit"
                  name="available"
                  value="yes"
                  class="btn btn-quiet btn-block"
                  aria-disabled={switching ? "true" : undefined}
                >
                  Take calls again
                </button>
              </form>
            </div>
          </Note>
        )}
        {isBusy && (
          <Note tone="live" icon="radio" class="mt-6 sm:items-center">
            <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
              <p>
                You are in a session. You can take the next call when it ends.
              </p>
              <a
                class="btn btn-primary w-full sm:w-auto"
                href={`/telemedicine/${availability.session_id}`}
              >
                Back to the call
              </a>
            </div>
          </Note>
        )}
        <section aria-labelledby="now-waiting" class="mt-7">
          <h2 id="now-waiting" class="sr-only">Now waiting</h2>
          {shown.length === 0
            ? (
              <p class="sheet p-5 text-muted">
                {availability.available
                  ? "Leave this page open. It rings here when a patient calls."
                  : "Switch on “Available for calls”, and it rings here when a patient calls."}
              </p>
            )
            : (
              <ol class="sheet sheet-rows">
                {shown.map(({ call, gone }) => (
                  <QueueRow
                    key={call.id}
                    call={call}
                    gone={gone}
                    nowMs={gone === null ? nowMs : gone.untilMs - GONE_MS}
                    first={call === offered}
                    isBusy={isBusy}
                    pressed={pressed[call.id]}
                  />
                ))}
              </ol>
            )}
        </section>
        <p class="sr-only" role="status">
          {/* What is said again is said anew, also in the same words. */}
          <span key={news.times}>{news.said}</span>
        </p>
      </div>
      {planned.length > 0 && (
        <Planned
          sessions={planned}
          timeZone={props.timeZone}
          now={new Date(nowMs).toISOString()}
        />
      )}
    </div>
  );
}

/** Shows how many wait where the page cannot: in its title, and in the navigation above it. */
function showCount(count: number): void {
  const name = document.title.replace(/^\(\d+\) /, "");
  document.title = count === 0 ? name : `(${count}) ${name}`;
  const badge = document.getElementById("queue-count");
  if (badge === null) return;
  badge.hidden = count === 0;
  badge.firstChild!.textContent = String(count);
}
