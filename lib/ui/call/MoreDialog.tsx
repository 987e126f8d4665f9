import type { Signal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import { deviceProblem } from "@/lib/call/device_problem.ts";
import { playChime } from "@/lib/call/chime.ts";
import type { Me } from "@/lib/call/people.ts";
import { type CallFacts, inShort } from "@/lib/call/self_check.ts";
import { DeviceSelect } from "@/lib/ui/call/DeviceSelect.tsx";
import { Dialog } from "@/lib/ui/call/Dialog.tsx";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import { SelfCheck } from "@/lib/ui/call/SelfCheck.tsx";
import { TechnicalDetails } from "@/lib/ui/call/TechnicalDetails.tsx";
import { useCallFacts } from "@/lib/ui/call/use_call_facts.ts";
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
  const { facts, hearing } = useCallFacts(call, me);
  const devices = (
    <div class="mt-5 grid gap-4">
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
              hearing={hearing}
            />
          </p>
        )}
      </div>
    </div>
  );
  return (
    <Dialog labelledBy="more-title" onClose={onClose}>
      <h2
        id="more-title"
        class="text-2xl outline-none!"
        tabIndex={-1}
        data-focus={kind === null ? "" : undefined}
      >
        Devices and help
      </h2>
      {kind !== null && devices}
      <h3 class="mt-5">Who sees and hears whom</h3>
      <SelfCheck facts={facts} media={media} />
      <p class="mt-3 text-muted">
        All is well here, and still no sound? Turn up the volume of this device.
      </p>
      <button type="button" class="txt-tap" onClick={playChime}>
        <Icon name="volume-2" />Play a test sound
      </button>
      {kind === null && devices}
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
      <TechnicalDetails call={call} me={me} said={said(call, facts)} />
      <button
        type="button"
        class="btn btn-primary btn-block mt-5"
        onClick={onClose}
      >
        Back to the call
      </button>
    </Dialog>
  );
}

function said(call: Call, facts: CallFacts): string {
  const failure = call.media.failure.value;
  const device = failure === null
    ? "devices fine"
    : `${failure.name} ${
      deviceProblem(failure, {
        userAgent: navigator.userAgent,
        isSecure: globalThis.isSecureContext,
      }).code
    }`;
  return `${device} · quality ${call.quality.value ?? "not measured"} · ${
    inShort(facts)
  }`;
}
