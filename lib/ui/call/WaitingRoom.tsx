import { useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { calledName, isOnDemand, otherOf } from "@/lib/call/people.ts";
import {
  CameraButton,
  MuteButton,
  OwnPicture,
} from "@/lib/ui/call/own_media.tsx";
import { inSentence } from "@/lib/ui/in_sentence.ts";
import type { ScreenProps } from "@/lib/ui/call/Door.tsx";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Joined before the doctor has started: who is expected, and that one may go. */
export default function WaitingRoom(
  { call, me, when, onLeave, children }: ScreenProps & {
    onLeave: () => void;
    /** What one may do besides waiting. */
    children?: ComponentChildren;
  },
) {
  const session = call.session.value;
  const { media } = call;
  const other = otherOf(session, me);
  const ready = call.phase.value === "called";
  const camera = media.camera.value;
  const microphone = media.microphone.value;

  // Who looks elsewhere sees it there.
  useEffect(() => {
    if (!ready) return;
    const title = document.title;
    document.title = `Ready: ${session.doctor.name}`;
    return () => {
      document.title = title;
    };
  }, [ready]);

  return (
    <div data-waiting class="max-w-2xl mx-auto">
      <p class={`st ${ready ? "st-live" : "st-wait"}`}>
        <Icon name={ready ? "radio" : "hourglass"} />
        {ready ? "Ready for you" : "You are in the waiting room"}
      </p>
      <h1 class="mt-3">
        {ready ? `${other.name} is ready` : `Waiting for ${other.name}`}
      </h1>
      <p class="text-lg mt-1.5" role="status">
        {ready
          ? "Join now, or leave and come back while the session is open."
          : isOnDemand(session)
          ? `${other.name} took your call. It is being opened, and you join automatically.`
          : `Planned for ${
            inSentence(when)
          }. You join automatically as soon as ${
            calledName(session, other)
          } starts.`}
      </p>
      {ready
        ? (
          <button
            type="button"
            class="btn btn-primary btn-lg btn-block mt-5"
            onClick={() => call.join()}
          >
            <Icon name={session.voice_only ? "phone" : "video"} />
            Join now
          </button>
        )
        : (
          <p class="mt-4 text-muted">
            {isOnDemand(session)
              ? "If you leave before the doctor comes, you give your place in line up."
              : "You may leave. The session stays planned, and you can come back at any time."}
          </p>
        )}
      <div class="sheet mt-6 p-4 flex gap-4 items-center">
        {!media.voiceOnly.value && (
          <div class="stage rounded-xl w-24 sm:w-32 aspect-[3/4] shrink-0 grid">
            {camera === null
              ? <p class="place-self-center text-center px-2">Camera off</p>
              : (
                <div class="absolute inset-0">
                  <OwnPicture track={camera} />
                </div>
              )}
          </div>
        )}
        <div class="min-w-0 grow">
          <p class="font-semibold">
            {camera === null ? "Your sound" : "Your picture and sound"}
          </p>
          <p class="mt-1 flex items-center gap-2.5 text-live-ink">
            {microphone === null
              ? "No microphone: you can listen."
              : (
                <MicrophoneCheck
                  track={microphone}
                  muted={!media.microphoneOn.value}
                />
              )}
          </p>
          <div class="mt-3 flex flex-wrap gap-2">
            <MuteButton media={media} class="btn btn-quiet" />
            {!media.voiceOnly.value && (
              <CameraButton media={media} class="btn btn-quiet" />
            )}
          </div>
        </div>
      </div>
      {children}
      <button
        type="button"
        class="btn btn-quiet btn-block mt-3"
        onClick={onLeave}
      >
        <Icon name="log-out" class="size-5 rtl:-scale-x-100" />
        Leave waiting room
      </button>
    </div>
  );
}
