import type { MediaKind } from "@/lib/call/device_access.ts";
import type { LocalMedia } from "@/lib/call/local_media.ts";

const LABEL: Record<MediaKind, string> = {
  camera: "Camera",
  microphone: "Microphone",
};

/** What `DeviceSelect` takes. */
export interface DeviceSelectProps {
  media: LocalMedia;
  kind: MediaKind;
  /** Distinguishes it from another one on the page. */
  id: string;
}

/** The choice between the cameras or microphones there are. */
export function DeviceSelect({ media, kind, id }: DeviceSelectProps) {
  const devices = media.devices.value.filter((device) => device.kind === kind);
  const current = media[kind].value?.getSettings?.().deviceId;
  return (
    <>
      <label class="font-semibold" for={id}>{LABEL[kind]}</label>
      <select
        class="select mt-1"
        id={id}
        disabled={devices.length === 0}
        onChange={(event) => media.choose(kind, event.currentTarget.value)}
      >
        {devices.length === 0 && <option>None found yet</option>}
        {devices.map(({ id, label }) => (
          <option key={id} value={id} selected={id === current}>{label}</option>
        ))}
      </select>
    </>
  );
}
