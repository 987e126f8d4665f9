import { useSignal } from "@preact/signals";
import type { ComponentChildren, FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import type { Call } from "@/lib/call/call_model.ts";
import type { ChatState } from "@/lib/call/chat_state.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import {
  absenceWord,
  calledName,
  type Me,
  otherOf,
  personOf,
} from "@/lib/call/people.ts";
import { Avatar } from "@/lib/ui/call/Avatar.tsx";
import { ControlBar } from "@/lib/ui/call/ControlBar.tsx";
import { lazy, lazyModule } from "@/lib/ui/call/lazy.tsx";
import { ChatPlace } from "@/lib/ui/call/ChatPlace.tsx";
import { Lost } from "@/lib/ui/call/Lost.tsx";
import { RemoteTile } from "@/lib/ui/call/RemoteTile.tsx";
import { SelfView } from "@/lib/ui/call/SelfView.tsx";
import { StatusPlate } from "@/lib/ui/call/StatusPlate.tsx";
import { Timer } from "@/lib/ui/call/Timer.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { NotArrived } from "@/lib/ui/NotArrived.tsx";

/** What is said of the recording; only some sessions are to be recorded. */
export const RecordingPlate = lazy(
  () => import("@/lib/ui/call/RecordingPlate.tsx"),
  // Whoever is recorded is told, whatever else is not here.
  (_, { session }) => (
    <p class="plate" role="status">
      {session.recording.active ? "Recording" : "Not recording"}
    </p>
  ),
);
const EndDialog = lazyDialog(
  () => import("@/lib/ui/call/EndDialog.tsx"),
  ({ call }) => (
    <a class="txt-tap" href={`/telemedicine/${call.session.value.id}/end`}>
      End Session
    </a>
  ),
);
const MoreDialog = lazyDialog(() => import("@/lib/ui/call/MoreDialog.tsx"));
const RecordingDialog = lazyDialog(
  () => import("@/lib/ui/call/RecordingDialog.tsx"),
  () => "You can change your answer before you join again.",
);
const VideoSwitch = lazy(() => import("@/lib/ui/call/VideoSwitch.tsx"));
const DeviceNote = lazy(
  () => import("@/lib/ui/call/DeviceNote.tsx"),
  () => "A device does not work.",
);

const shortcutsModule = lazyModule(() => import("@/lib/ui/call/shortcuts.ts"));

/** So long after connecting comes what has to be there when nothing can be fetched any more; the picture goes first. */
const AHEAD_MS = 2_000;

/** The chat: on a phone over the picture, below its plates (of which there may be two rows); beside it where there is room. */
const CHAT_PLACE =
  "absolute inset-x-0 bottom-0 top-14 max-sm:[@media(min-height:32rem)]:top-26 z-10 rounded-t-box overflow-hidden sm:start-auto sm:w-96 lg:static lg:m-3 lg:mb-0 lg:ms-0 lg:rounded-box";

/** What `CallStage` takes. */
export interface CallStageProps {
  call: Call;
  me: Me;
  chat: ChatState;
  onLeave(): void;
}

/** The call itself: the other person, oneself in the corner, and the controls. */
export default function CallStage(
  { call, me, chat, onLeave }: CallStageProps,
) {
  const ending = useSignal(false);
  const recording = useSignal(false);
  const devices = useSignal<{ kind: MediaKind | null } | null>(null);
  const shortcuts = useSignal(true);
  const session = call.session.value;
  const phase = call.phase.value;
  const isDoctor = me.role === "doctor";
  const people = call.participants.value.map((participant) => ({
    participant,
    person: personOf(session, participant.identity),
  }));
  const known = people.filter(({ person }) =>
    person !== null && person.id !== me.identity
  );
  const isStale = phase !== "connected";
  const timer = (look: string) =>
    session.started_at !== null && (
      <Timer since={session.started_at} skew={chat.skew} class={look} />
    );

  useEffect(() => {
    // The button that was pressed has gone with its screen: go on reading here.
    document.getElementById("main")?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (!shortcuts.value || !/^[mv]$/i.test(event.key)) return;
      shortcutsModule.load().then(() =>
        shortcutsModule.module.value?.pressed(event, call.media)
      );
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  useEffect(() => {
    if (phase !== "connected") return;
    const timer = setTimeout(() => {
      void shortcutsModule.load();
      import("@/lib/ui/call/CallTrouble.tsx").catch(() => {});
      if (isDoctor) void EndDialog.load();
      if (session.recording.requested) void RecordingDialog.load();
    }, AHEAD_MS);
    return () => clearTimeout(timer);
  }, [phase]);

  return (
    <main
      id="main"
      tabIndex={-1}
      data-in-call
      data-chat={chat.open.value ? "" : undefined}
      class="outline-none! bg-stage"
    >
      <section
        class="call-fit flex flex-col h-dvh min-h-[30rem]"
        aria-label="Call"
      >
        <h1 class="sr-only">
          {session.voice_only ? "Voice" : "Video"} Call - Room:{" "}
          {session.room_name}
        </h1>
        <div class="relative flex-1 flex min-h-0 min-w-0">
          <div
            id="video-container"
            class={`stage flex-1 ${
              isDoctor ? "sm:m-3 sm:mb-0 sm:rounded-box" : ""
            }`}
          >
            <div id="remote-video" class="absolute inset-0">
              <div id="remote-media-container" class="absolute inset-0">
                {known.map(({ participant, person }) => (
                  <RemoteTile
                    key={participant.identity}
                    participant={participant}
                    name={person!.name}
                    voiceOnly={session.voice_only}
                    isStale={isStale}
                  >
                    {session.voice_only &&
                      timer("mt-3 text-3xl font-semibold num")}
                  </RemoteTile>
                ))}
              </div>
            </div>
            {phase === "disconnected"
              ? <Lost call={call} />
              : known.length === 0 && <Absent call={call} me={me} />}
            {session.recording.active && !isDoctor && (
              <div class="absolute inset-0 rec-frame pointer-events-none" />
            )}
            <div class="absolute inset-x-3 top-3 flex flex-wrap items-center gap-2">
              <StatusPlate phase={phase} />
              {!(session.voice_only && known.length > 0) && timer("plate num")}
              {session.voice_only && (
                <p class="plate">
                  <Icon name="phone" class="size-4.5" />
                  Voice only
                </p>
              )}
              {session.recording.requested && (
                <RecordingPlate session={session} me={me} />
              )}
              {people.length > known.length && (
                <p class="plate">Somebody unknown is in this call</p>
              )}
              <Quality level={call.quality.value} />
            </div>
            <SelfView media={call.media} />
          </div>
          <ChatPlace call={call} me={me} chat={chat} class={CHAT_PLACE} />
        </div>
        {(session.video_offer !== null || session.video_pending ||
          call.notice.value !== null) && <VideoSwitch call={call} me={me} />}
        <ControlBar
          call={call}
          me={me}
          chat={chat}
          onLeave={onLeave}
          onEnd={() => ending.value = true}
          onDevices={(kind) => devices.value = { kind }}
          onRecording={() => recording.value = true}
        >
          <OwnState
            call={call}
            name={calledName(session, otherOf(session, me))}
          />
        </ControlBar>
        <p class="sr-only" aria-live="polite">{call.announcement.value}</p>
      </section>
      {ending.value && (
        <EndDialog
          call={call}
          onClose={() => ending.value = false}
        />
      )}
      {recording.value && (
        <RecordingDialog
          call={call}
          me={me}
          onClose={() => recording.value = false}
        />
      )}
      {devices.value !== null && (
        <MoreDialog
          call={call}
          me={me}
          kind={devices.value.kind}
          shortcuts={shortcuts}
          onClose={() => devices.value = null}
        />
      )}
    </main>
  );
}

/** A dialog over the call; what stands in for it is in the same place, and closes too. `wayOn`: what else can be done. */
function lazyDialog<Props extends { onClose(): void }>(
  fetch: () => Promise<{ default: FunctionComponent<Props> }>,
  wayOn?: (props: Props) => ComponentChildren,
) {
  return lazy(
    fetch,
    (failed, props) =>
      failed && (
        <div class="fixed inset-x-3 top-16 z-10">
          <NotArrived>
            {wayOn?.(props)}
            <button type="button" class="txt-tap" onClick={props.onClose}>
              Back to the call
            </button>
          </NotArrived>
        </div>
      ),
  );
}

/** Nobody else is in the room. */
function Absent({ call, me }: { call: Call; me: Me }) {
  const session = call.session.value;
  const other = otherOf(session, me);
  const presence = me.role === "doctor"
    ? session.presence.patient
    : session.presence.doctor;
  return (
    <div class="voice-card absolute inset-0 flex flex-col items-center justify-center gap-4 px-6 text-center">
      <Avatar name={other.name} speaking={false} />
      <div>
        <p class="text-2xl font-semibold">{other.name}</p>
        <p class="mt-1 text-lg text-[#bdb1c0]">
          {call.phase.value === "connected"
            ? absenceWord(presence)
            : "Connecting you…"}
        </p>
      </div>
    </div>
  );
}

/** How good the line is, if the service measures it. */
function Quality({ level }: { level: number | null }) {
  if (level === null || level === 0) return null;
  const [word, tone] = level >= 4
    ? ["Good", "text-[#aee5c6]"]
    : level >= 2
    ? ["Fair", "text-[#f5d798]"]
    : ["Poor connection", "text-[#ffc6bb]"];
  return (
    <p class={`plate ms-auto ${tone}`}>
      <Icon name="signal" class="size-4.5" />
      <span class="sr-only">Connection:</span>
      {word}
    </p>
  );
}

/** What the other side does not get from here, and why. */
function OwnState({ call: { media }, name }: { call: Call; name: string }) {
  const failure = media.failure.value;
  const silent = media.microphone.value === null || !media.microphoneOn.value;
  if (failure === null && !silent) return <div role="status" />;
  return (
    <div role="status">
      <p class="text-center text-[#f5d798] pb-2.5 flex justify-center items-center gap-2">
        <Icon
          name={failure !== null ? "triangle-alert" : "mic-off"}
          class="size-4.5"
        />
        <span>
          {failure !== null
            ? <DeviceNote failure={failure} />
            : `You are muted. ${name} cannot hear you.`}
        </span>
      </p>
    </div>
  );
}
