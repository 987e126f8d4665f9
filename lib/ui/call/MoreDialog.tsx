import type { Signal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import { deviceProblem } from "@/lib/call/device_problem.ts";
import { calledName, type Me, otherOf } from "@/lib/call/people.ts";
import { absenceWord, statusWord } from "@/lib/call/words.ts";
import { DeviceSelect } from "@/lib/ui/call/DeviceSelect.tsx";
import { Dialog } from "@/lib/ui/call/Dialog.tsx";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import { TechnicalDetails } from "@/lib/ui/call/TechnicalDetails.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What `MoreDialog` takes. */
export interface MoreDialogProps {
  call: Call;
  me: Me;
  /** Which device the person came to choose. */
  kind: MediaKind | null;
  shortcuts: Signal<boolean>;
  onClose(): void;
}

/** During the call: other devices, and who can see and hear whom. */
export default function MoreDialog(
  { call, me, kind, shortcuts, onClose }: MoreDialogProps,
) {
  const { media } = call;
  const microphone = media.microphone.value;
  return (
    <Dialog labelledBy="more-title" onClose={onClose}>
      <h2 id="more-title" class="text-2xl">Devices and help</h2>
      <div class="mt-4 grid gap-4">
        {!media.voiceOnly.value && (
          <div data-focus={kind === "camera" ? "" : undefined} tabIndex={-1}>
            <DeviceSelect media={media} kind="camera" id="call-camera" />
          </div>
        )}
        <div data-focus={kind === "microphone" ? "" : undefined} tabIndex={-1}>
          <DeviceSelect media={media} kind="microphone" id="call-microphone" />
          {microphone !== null && (
            <p class="mt-2 flex items-center gap-2.5 text-live-ink">
              <MicrophoneCheck
                track={microphone}
                muted={!media.microphoneOn.value}
              />
            </p>
          )}
        </div>
      </div>
      <h3 class="mt-6">Who sees and hears whom</h3>
      <ul class="mt-2 grid gap-1.5">
        {selfCheck(call, me).map(([isGood, sentence]) => (
          <li key={sentence} class="flex gap-2.5 items-start">
            <Icon
              name={isGood ? "circle-check" : "circle-alert"}
              class={`size-5 mt-0.5 ${
                isGood ? "text-live-ink" : "text-wait-ink"
              }`}
            />
            {sentence}
          </li>
        ))}
      </ul>
      <p class="mt-3 text-muted">
        Still nothing to see or hear? Wait a few seconds. Then reload this page:
        one click brings you back.
      </p>
      <label class="check mt-3">
        <input
          type="checkbox"
          class="checkbox"
          checked={shortcuts.value}
          onChange={(event) => shortcuts.value = event.currentTarget.checked}
        />
        <span>
          Keyboard shortcuts: <kbd>M</kbd> microphone, <kbd>V</kbd> camera
        </span>
      </label>
      <TechnicalDetails call={call} me={me} said={said(call)} />
      <button
        type="button"
        class="btn btn-primary btn-block mt-5"
        data-focus={kind === null ? "" : undefined}
        onClick={onClose}
      >
        Back to the call
      </button>
    </Dialog>
  );
}

/** What goes out and what comes in, in words: the first thing to look at when something is missing. */
function selfCheck(call: Call, me: Me): [isGood: boolean, sentence: string][] {
  const { media } = call;
  const session = call.session.value;
  const other = otherOf(session, me);
  const name = calledName(session, other);
  const present = call.participants.value.find(({ identity }) =>
    identity === other.id
  );
  const connected = call.phase.value === "connected";
  const audible = media.microphone.value !== null && media.microphoneOn.value;
  const visible = media.camera.value !== null;
  const presence = me.role === "doctor"
    ? session.presence.patient
    : session.presence.doctor;
  return [
    [connected, `You: ${statusWord(call.phase.value)}.`],
    [
      audible,
      audible
        ? "Your microphone is on."
        : "You are muted, or have no microphone.",
    ],
    ...(media.voiceOnly.value ? [] : [
      [visible, visible ? "Your camera is on." : "Your camera is off."] as [
        boolean,
        string,
      ],
    ]),
    present === undefined ? [false, `${name}: ${absenceWord(presence)}.`] : [
      !present.reconnecting,
      `${name}: ${present.reconnecting ? "reconnecting" : "in the call"}.`,
    ],
    ...(present === undefined ? [] : [
      [
        present.microphone === "on",
        present.microphone === "on"
          ? `${name}'s sound arrives.`
          : `${name} is muted.`,
      ] as [boolean, string],
      ...(session.voice_only ? [] : [
        [
          present.camera === "on",
          present.camera === "on"
            ? `${name}'s picture arrives.`
            : `${name}'s camera is off.`,
        ] as [boolean, string],
      ]),
    ]),
  ];
}

function said(call: Call): string {
  const failure = call.media.failure.value;
  const device = failure === null
    ? "devices fine"
    : `${failure.name} ${
      deviceProblem(failure, {
        userAgent: navigator.userAgent,
        isSecure: globalThis.isSecureContext,
      }).code
    }`;
  return `${device} · quality ${call.quality.value ?? "not measured"}`;
}
