import type { MediaKind } from "@/lib/call/device_access.ts";

/** The browser's word on a device, or null where it says none. */
export async function permissionStatus(
  kind: MediaKind,
): Promise<PermissionStatus | null> {
  // Older Firefox knows the API but not these names, and throws.
  const asked = navigator.permissions?.query({ name: kind as PermissionName });
  return await asked?.catch(() => null) ?? null;
}

/** Whether opening these devices will ask the person nothing. */
export async function isAllowed(kinds: MediaKind[]): Promise<boolean> {
  const states = await Promise.all(kinds.map(permissionStatus));
  return states.every((status) => status?.state === "granted");
}
