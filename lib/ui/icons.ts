/**
 * Every icon the product shows, by its Lucide name (https://lucide.dev/icons).
 * The build puts exactly these into `/icons.svg`; `<Icon name="mic" />` shows
 * one. Using another icon is adding its name here.
 */
export const ICON_NAMES = [
  "arrow-left",
  "ban",
  "calendar-clock",
  "calendar-plus",
  "camera",
  "check",
  "chevron-down",
  "chevron-left",
  "chevron-right",
  "circle-alert",
  "circle-check",
  "circle-dot",
  "circle-stop",
  "circle-x",
  "copy",
  "door-open",
  "ellipsis",
  "hand",
  "headphones",
  "hourglass",
  "loader-circle",
  "lock",
  "log-out",
  "mic",
  "mic-off",
  "monitor",
  "phone",
  "phone-off",
  "play",
  "radio",
  "refresh-cw",
  "shield-check",
  "signal",
  "siren",
  "stethoscope",
  "triangle-alert",
  "user",
  "user-plus",
  "video",
  "video-off",
  "volume-2",
  "wifi-off",
  "x",
] as const;

/** The name of an icon of the sprite. */
export type IconName = typeof ICON_NAMES[number];
