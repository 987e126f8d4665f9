import type { Call } from "@/lib/call/call_model.ts";
import { playChime } from "@/lib/call/loudness.ts";
import { calledName, type Me, otherOf } from "@/lib/call/people.ts";
import { lazy } from "@/lib/ui/call/lazy.tsx";
import { DeviceSelect } from "@/lib/ui/call/DeviceSelect.tsx";
import { CameraButton, MuteButton } from "@/lib/ui/call/media_buttons.tsx";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import { OwnPicture } from "@/lib/ui/call/OwnPicture.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

const TroubleNote = lazy(
  () =>
    import("@/lib/ui/call/TroubleNote.tsx").then((module) => module.default),
  () => null,
);

/** What the screens before and after the call take. */
export interface ScreenProps {
  call: Call;
  me: Me;
  /** When the session is planned, in words. */
  when: string;
}

/** Before joining: see and hear oneself, choose devices, and go in. */
export function DeviceCheck({ call, me, when }: ScreenProps) {
  const { media } = call;
  const session = call.session.value;
  const other = otherOf(session, me);
  const camera = media.camera.value;
  const microphone = media.microphone.value;
  const isOpen = camera !== null || microphone !== null;
  const voiceOnly = media.voiceOnly.value;
  const title = !isOpen
    ? `Your session with ${other.name}`
    : voiceOnly
    ? "Can we hear you?"
    : "Can you see and hear yourself?";
  return (
    <>
      <h1>{title}</h1>
      <p class="text-muted mt-1.5">
        {isOpen ? `${other.name}, ` : ""}
        {when}.{isOpen && !voiceOnly ? " Only you see this picture." : ""}
      </p>
      <div class="mt-6 grid gap-6 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)] items-start">
        <div>
          <div
            class={`stage rounded-box ${
              voiceOnly ? "min-h-56" : "aspect-[4/3]"
            } grid`}
          >
            {camera !== null && (
              <div class="absolute inset-0">
                <OwnPicture track={camera} />
              </div>
            )}
            {!isOpen
              ? <Explanation call={call} name={calledName(session, other)} />
              : camera === null && (
                <p class="place-self-center text-center px-6 text-lg">
                  {voiceOnly
                    ? "Voice only. No picture is sent."
                    : "Your camera is off."}
                </p>
              )}
            {microphone !== null && (
              <p class="plate absolute bottom-3 start-3 end-3 w-fit text-[#aee5c6]">
                <MicrophoneCheck
                  track={microphone}
                  muted={!media.microphoneOn.value}
                />
              </p>
            )}
          </div>
          {isOpen && (
            <div class={`mt-3 grid gap-3 ${voiceOnly ? "" : "grid-cols-2"}`}>
              <MuteButton media={media} class="btn btn-quiet" />
              {!voiceOnly && (
                <CameraButton media={media} class="btn btn-quiet" />
              )}
            </div>
          )}
        </div>
        <div class="grid gap-5">
          {isOpen && <Choices call={call} />}
          {call.failure.value !== null && (
            <TroubleNote failure={call.failure.value} />
          )}
          <MainAction call={call} me={me} />
        </div>
      </div>
    </>
  );
}

/** What is about to be asked, before it is asked. */
function Explanation({ call: { media }, name }: { call: Call; name: string }) {
  const things = media.voiceOnly.value
    ? "your microphone"
    : "your camera and microphone";
  return (
    <div class="place-self-center text-center max-w-md px-6 py-8">
      <p class="text-lg font-semibold">
        {media.opening.value
          ? "Your browser is asking now. Choose Allow."
          : `Next, your browser asks to use ${things}.`}
      </p>
      <p class="mt-2">
        Choose <strong>Allow</strong>, so that {name} can{" "}
        {media.voiceOnly.value ? "hear you" : "see and hear you"}.
      </p>
      <button
        type="button"
        class="btn btn-quiet mt-5"
        disabled={media.opening.value}
        onClick={() => media.open()}
      >
        <Icon name={media.voiceOnly.value ? "mic" : "video"} />
        Turn on {media.voiceOnly.value ? "microphone" : "camera and microphone"}
      </button>
    </div>
  );
}

function Choices({ call: { media } }: { call: Call }) {
  const row = "px-4 py-3 grid grid-cols-[1.5rem_1fr] gap-x-3 items-center";
  return (
    <ul class="sheet sheet-rows">
      {!media.voiceOnly.value && (
        <li class={row}>
          <Icon name="video" class="size-5 text-muted row-span-2" />
          <DeviceSelect media={media} kind="camera" id="check-camera" />
        </li>
      )}
      <li class={row}>
        <Icon name="mic" class="size-5 text-muted row-span-2" />
        <DeviceSelect media={media} kind="microphone" id="check-microphone" />
      </li>
      <li class="px-4 py-2">
        <button type="button" class="txt-tap" onClick={playChime}>
          <Icon name="volume-2" />Play a test sound
        </button>
      </li>
    </ul>
  );
}

/** The one thing to do next: start, or join. */
function MainAction({ call, me }: { call: Call; me: Me }) {
  const session = call.session.value;
  const { media } = call;
  const busy = call.busy.value;
  if (session.actions.includes("start") && session.status === "SCHEDULED") {
    const waiting = session.presence.patient?.state === "waiting";
    return (
      <div>
        <button
          type="button"
          class="btn btn-primary btn-lg btn-block"
          aria-disabled={busy ? "true" : undefined}
          onClick={() => call.start()}
        >
          {busy ? "Starting…" : "Start Session"}
        </button>
        <p class="text-muted mt-2 text-center" role="status">
          {waiting
            ? `${session.patient.name} is in the waiting room.`
            : "Starting opens the room. Then you can join."}
        </p>
      </div>
    );
  }
  const joining = busy && media.opening.value;
  return (
    <div>
      <button
        type="button"
        class="btn btn-primary btn-lg btn-block"
        aria-disabled={busy ? "true" : undefined}
        onClick={() => call.join()}
      >
        <Icon name={session.voice_only ? "phone" : "video"} />
        {me.role === "doctor" ? "Join Call" : "Join Session"}
      </button>
      {me.role === "patient" && (
        <p class="text-muted mt-2 text-center" role="status">
          {joining
            ? "Your browser is asking now. Choose Allow."
            : session.status === "SCHEDULED"
            ? `${session.doctor.name} has not started yet. You can come in and wait.`
            : `${session.doctor.name} has started.`}
        </p>
      )}
      {!media.voiceOnly.value && (
        <p class="text-center mt-1">
          <button
            type="button"
            class="txt-tap"
            onClick={() => media.useVoiceOnly()}
          >
            Voice only
          </button>
        </p>
      )}
    </div>
  );
}
