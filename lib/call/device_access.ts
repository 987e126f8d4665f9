/** The two things a person can be seen and heard with. */
export type MediaKind = "camera" | "microphone";

/** Whether the browser lets this page use a device; `unknown` where it does not say. */
export type Permission = "granted" | "denied" | "prompt" | "unknown";

/** A camera or microphone one can choose. */
export interface Device {
  id: string;
  kind: MediaKind;
  label: string;
}

/** Which devices to open: by id, or `true` for the usual one. */
export type DeviceRequest = Partial<Record<MediaKind, string | true>>;

/**
 * The browser's cameras and microphones, as the call uses them. `devices.ts`
 * is the browser's own; tests bring theirs.
 */
export interface DeviceAccess {
  /** Whether the browser lets this page use the device. Never fails. */
  permission(kind: MediaKind): Promise<Permission>;
  /** Opens the devices with one prompt at most. Throws the browser's `DOMException`. */
  open(request: DeviceRequest): Promise<MediaStreamTrack[]>;
  /** What there is to choose from. Never fails. */
  list(): Promise<Device[]>;
  /** Calls back when a device comes or goes, or a permission changes. Returns the way to stop. */
  watch(onChange: () => void): () => void;
}

/** Why a device could not be used, as the browser says it. */
export interface DeviceFailure {
  /** Which of them; both when one prompt was for both. */
  kind: MediaKind | "both";
  /** The `name` of the browser's error, or `Unsupported`, or `Ended`. */
  name: string;
  message: string;
  permission: Permission;
}
