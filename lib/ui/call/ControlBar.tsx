import type { ComponentChildren } from "preact";
import type { Call } from "@/lib/call/call_model.ts";
import type { ChatState } from "@/lib/call/chat_state.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import { type Me, seatOf } from "@/lib/call/people.ts";
import { ChatButton } from "@/lib/ui/call/ChatButton.tsx";
import { CameraButton, MuteButton } from "@/lib/ui/call/own_media.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What `ControlBar` takes. */
export interface ControlBarProps {
  call: Call;
  me: Me;
  chat: ChatState;
  onLeave(): void;
  onEnd(): void;
  /** Opens the devices, at the one that is to be chosen. */
  onDevices(kind: MediaKind | null): void;
  /** Stops the recording, or allows it. */
  onRecording(): void;
  /** What is to be said about one's own devices. */
  children: ComponentChildren;
}

/** Classes by the number of columns. */
const COLUMNS: Record<number, string> = {
  3: "grid-cols-3",
  4: "grid-cols-4",
  5: "grid-cols-3 min-[24rem]:grid-cols-5 [&_.ctl]:px-1 sm:[&_.ctl]:px-2",
};

/** The controls of the call. Leaving is pale and ending is red, and they stand apart. */
export function ControlBar(
  { call, me, chat, onLeave, onEnd, onDevices, onRecording, children }:
    ControlBarProps,
) {
  const { media } = call;
  const session = call.session.value;
  const isDoctor = me.role === "doctor";
  const canEnd = isDoctor && session.status === "IN_PROGRESS";
  const canConsent = session.actions.includes("consent");
  const hasCamera = !media.voiceOnly.value;
  // On a phone, upright or on its side, all buttons fill one grid; with more room, groups keep together.
  const columns = COLUMNS[
    3 + Number(hasCamera || session.voice_only) + Number(canConsent)
  ];
  return (
    <div class="bar bg-stage px-2 sm:px-3 pt-2.5 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      {children}
      <div
        class={`grid ${columns} gap-2 sm:[@media(min-height:32rem)]:flex sm:[@media(min-height:32rem)]:flex-wrap sm:[@media(min-height:32rem)]:items-stretch sm:[@media(min-height:32rem)]:justify-between ${
          isDoctor ? "" : "mx-auto max-w-2xl"
        }`}
        role="toolbar"
        aria-label="Call controls"
        onKeyDown={moveFocus}
      >
        <div class="contents sm:[@media(min-height:32rem)]:flex sm:[@media(min-height:32rem)]:gap-2">
          <div class="contents sm:[@media(min-height:32rem)]:flex pair">
            <MuteButton
              media={media}
              class="ctl ctl-off [@media(max-height:32rem)]:rounded-xl!"
            />
            <Chevron
              label="Choose a microphone"
              onClick={() => onDevices("microphone")}
            />
          </div>
          {hasCamera && (
            <div class="contents sm:[@media(min-height:32rem)]:flex pair">
              <CameraButton
                media={media}
                class="ctl ctl-off [@media(max-height:32rem)]:rounded-xl!"
              />
              <Chevron
                label="Choose a camera"
                onClick={() => onDevices("camera")}
              />
            </div>
          )}
          {!hasCamera && session.voice_only && (
            <SwitchButton
              disabled={call.busy.value || session.video_pending ||
                session.video_offer?.by === seatOf(session, me)}
              onClick={() => void call.offerVideo()}
            />
          )}
          {canConsent && (
            <RecordingButton
              allowed={session.recording.consents[seatOf(session, me)]
                ?.granted === true}
              onClick={onRecording}
            />
          )}
          <ChatButton chat={chat} label="Chat" class="ctl" />
          <button
            type="button"
            class="ctl"
            aria-haspopup="dialog"
            onClick={() => onDevices(null)}
          >
            <Icon name="ellipsis" />
            <span>
              More<span class="sr-only">: devices and help</span>
            </span>
          </button>
        </div>
        <div
          class={`sm:[@media(min-height:32rem)]:flex sm:[@media(min-height:32rem)]:gap-5 sm:[@media(min-height:32rem)]:ms-auto col-span-full grid gap-3 ${
            canEnd ? "grid-cols-2" : ""
          }`}
        >
          <button
            type="button"
            class="ctl ctl-leave ctl-row sm:[@media(min-height:32rem)]:flex-col sm:[@media(min-height:32rem)]:gap-1 min-h-13 sm:[@media(min-height:32rem)]:min-w-28"
            onClick={onLeave}
          >
            <Icon name="phone-off" />
            <span>{isDoctor ? "Leave Call" : "Leave Session"}</span>
          </button>
          {canEnd && (
            <button
              type="button"
              class="ctl ctl-end ctl-row [@media(max-height:32rem)]:col-span-full sm:[@media(min-height:32rem)]:flex-col sm:[@media(min-height:32rem)]:gap-1 min-h-13 sm:[@media(min-height:32rem)]:min-w-28"
              aria-haspopup="dialog"
              onClick={onEnd}
            >
              <Icon name="circle-stop" />
              <span>End Session</span>
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** In a voice call: asks the other one for video, or agrees if they have asked. */
function SwitchButton(
  { disabled, onClick }: { disabled: boolean; onClick: () => void },
) {
  return (
    <button
      type="button"
      class="ctl aria-disabled:opacity-50 aria-disabled:cursor-default"
      aria-label="Switch to video"
      aria-disabled={disabled ? "true" : undefined}
      onClick={() => disabled || onClick()}
    >
      <Icon name="video" />
      <span>Video</span>
    </button>
  );
}

/** The visible word is the beginning of the name. */
function RecordingButton(
  { allowed, onClick }: { allowed: boolean; onClick: () => void },
) {
  return (
    <button
      type="button"
      class="ctl"
      aria-haspopup="dialog"
      onClick={onClick}
    >
      <Icon name={allowed ? "circle-stop" : "circle-dot"} />
      <span>
        {allowed ? "Stop " : "Allow "}
        <span class="sr-only xl:not-sr-only">recording</span>
      </span>
    </button>
  );
}

function Chevron({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <span class="hidden sm:[@media(min-height:32rem)]:flex">
      <button
        type="button"
        class="ctl ctl-more"
        aria-label={label}
        aria-haspopup="dialog"
        onClick={onClick}
      >
        <Icon name="chevron-down" />
      </button>
    </span>
  );
}

/** In a toolbar the arrow keys go from button to button. */
function moveFocus(event: KeyboardEvent): void {
  const step = event.key === "ArrowRight"
    ? 1
    : event.key === "ArrowLeft"
    ? -1
    : 0;
  if (step === 0) return;
  const bar = event.currentTarget as HTMLElement;
  // What is not displayed has no boxes and takes no focus.
  const buttons = [...bar.querySelectorAll("button")].filter((button) =>
    button.getClientRects().length > 0
  );
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
