import type {
  Device,
  DeviceAccess,
  DeviceRequest,
  MediaKind,
  Permission,
} from "@/lib/call/device_access.ts";
import { permissionStatus } from "@/lib/call/permission.ts";

/** 640 wide is enough for a face and kind to a phone's uplink. */
const PICTURE: MediaTrackConstraints = { width: 640 };

function constraintsOf(request: DeviceRequest): MediaStreamConstraints {
  const exactly = (id: string | true): MediaTrackConstraints =>
    id === true ? {} : { deviceId: { exact: id } };
  return {
    audio: request.microphone === undefined
      ? false
      : exactly(request.microphone),
    video: request.camera === undefined ? false : {
      ...PICTURE,
      ...(request.camera === true
        ? { facingMode: "user" }
        : exactly(request.camera)),
    },
  };
}

/** The devices of the browser this runs in. */
export const browserDevices: DeviceAccess = {
  async permission(kind: MediaKind): Promise<Permission> {
    return (await permissionStatus(kind))?.state ?? "unknown";
  },

  async open(request: DeviceRequest): Promise<MediaStreamTrack[]> {
    // Absent on plain http and in the browsers inside some apps.
    if (navigator.mediaDevices?.getUserMedia === undefined) {
      throw new DOMException(
        "This page has no access to cameras and microphones",
        "Unsupported",
      );
    }
    const stream = await navigator.mediaDevices.getUserMedia(
      constraintsOf(request),
    );
    return stream.getTracks();
  },

  async list(): Promise<Device[]> {
    const all =
      await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
    const ofKind = (
      kind: MediaKind,
      browserKind: MediaDeviceKind,
      word: string,
    ): Device[] =>
      all.filter((device) =>
        device.kind === browserKind && device.deviceId !== ""
      )
        .map(({ deviceId, label }, index) => ({
          id: deviceId,
          kind,
          label: label || `${word} ${index + 1}`,
        }));
    return [
      ...ofKind("camera", "videoinput", "Camera"),
      ...ofKind("microphone", "audioinput", "Microphone"),
    ];
  },

  watch(onChange: () => void): () => void {
    const stopping = new AbortController();
    const { signal } = stopping;
    navigator.mediaDevices?.addEventListener("devicechange", onChange, {
      signal,
    });
    for (const kind of ["camera", "microphone"] as const) {
      permissionStatus(kind).then((status) =>
        status?.addEventListener("change", onChange, { signal })
      );
    }
    return () => stopping.abort();
  },
};
