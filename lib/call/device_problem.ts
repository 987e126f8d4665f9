import {
  type BrowserName,
  browserName,
  isInAppBrowser,
} from "@/lib/call/browser_name.ts";
import type { DeviceFailure } from "@/lib/call/device_access.ts";

/** What stands between a person and their camera or microphone. */
export type DeviceProblemCode =
  | "dismissed"
  | "blocked_by_browser"
  | "blocked_by_system"
  | "in_use"
  | "not_found"
  | "unplugged"
  | "overconstrained"
  | "in_app_browser"
  | "insecure"
  | "unsupported"
  | "unknown";

/** A device failure in words: what happened, and what to do in this very browser. */
export interface DeviceProblem {
  code: DeviceProblemCode;
  /** Two or three words for a badge. */
  label: string;
  title: string;
  cause: string;
  /** What to do, in order. */
  steps: string[];
}

/** Where the failure happened. */
export interface DeviceSurroundings {
  userAgent: string;
  /** Whether the page came over https or from this machine. */
  isSecure: boolean;
}

/** Says what is wrong and what helps. */
export function deviceProblem(
  failure: DeviceFailure,
  { userAgent, isSecure }: DeviceSurroundings,
): DeviceProblem {
  const code = codeOf(failure, userAgent, isSecure);
  const thing = THING[failure.kind];
  return { code, ...WORDS[code](thing, browserName(userAgent)) };
}

const THING: Record<DeviceFailure["kind"], string> = {
  camera: "camera",
  microphone: "microphone",
  both: "camera and microphone",
};

function codeOf(
  { name, message, permission }: DeviceFailure,
  userAgent: string,
  isSecure: boolean,
): DeviceProblemCode {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
    case "PermissionDeniedError":
      if (/system/i.test(message)) return "blocked_by_system";
      if (permission === "granted") return "blocked_by_system";
      // Asked, and sent away without an answer: the browser will ask again.
      return permission === "prompt" ? "dismissed" : "blocked_by_browser";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "in_use";
    case "NotFoundError":
    case "DevicesNotFoundError":
      return "not_found";
    case "OverconstrainedError":
      return "overconstrained";
    case "Ended":
      return "unplugged";
    case "Unsupported":
      if (!isSecure) return "insecure";
      return isInAppBrowser(userAgent) ? "in_app_browser" : "unsupported";
    default:
      return "unknown";
  }
}

type Words = (
  thing: string,
  browser: BrowserName,
) => Omit<DeviceProblem, "code">;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const COME_BACK = "Come back here and press Try again.";

const WORDS: Record<DeviceProblemCode, Words> = {
  dismissed: (thing) => ({
    label: "Not allowed yet",
    title: "We still need your OK",
    cause:
      `The question about your ${thing} was closed without an answer. Nothing is broken.`,
    steps: ["Press Try again.", "When your browser asks, choose Allow."],
  }),
  blocked_by_browser: (thing, browser) => ({
    label: `${capital(thing)} blocked`,
    title: `Your browser is blocking the ${thing}`,
    cause:
      "Nothing is broken. Your browser was told “no” once and remembers it.",
    steps: [...UNBLOCK[browser](thing), COME_BACK],
  }),
  blocked_by_system: (thing, browser) => ({
    label: `${capital(thing)} blocked`,
    title: browser === "safari-ios" || browser === "chrome-android"
      ? "Your phone is blocking the browser"
      : "Your computer is blocking the browser",
    cause: `The browser may use the ${thing}, but the system does not let it.`,
    steps: [...SYSTEM[browser], COME_BACK],
  }),
  in_use: (thing) => ({
    label: `${capital(thing)} in use`,
    title: `Another app is using your ${thing}`,
    cause: "Only one app can have it at a time.",
    steps: [
      "Close other video apps and browser tabs that use it.",
      "Press Try again.",
    ],
  }),
  not_found: (thing) => ({
    label: `No ${thing}`,
    title: `No ${thing} found`,
    cause: `This device seems to have no ${thing}, or it is switched off.`,
    steps: [`Plug in or switch on the ${thing}.`, "Press Try again."],
  }),
  unplugged: (thing) => ({
    label: `${capital(thing)} gone`,
    title: `Your ${thing} was disconnected`,
    cause: "It was unplugged, or another app took it over.",
    steps: ["Plug it in again, or choose another one.", "Press Try again."],
  }),
  overconstrained: (thing) => ({
    label: `${capital(thing)} not usable`,
    title: `Your ${thing} cannot do what is needed`,
    cause:
      "The chosen device is not there any more, or gives no usable picture or sound.",
    steps: ["Choose another device, if there is one.", "Press Try again."],
  }),
  in_app_browser: (_, browser) => ({
    label: "Inside another app",
    title: browser === "safari-ios"
      ? "Please open this page in Safari"
      : "Please open this page in your browser",
    cause:
      "The app this page was opened in cannot use your camera and microphone.",
    steps: [
      "Open the menu of the app, often three dots in a corner.",
      "Choose Open in browser.",
      "Sign in there and join.",
    ],
  }),
  insecure: () => ({
    label: "Not secure",
    title: "This address cannot use your camera",
    cause:
      "Browsers only allow cameras and microphones on secure pages. Nothing is wrong with your device.",
    steps: [
      "Open the same page with https:// in front of the address.",
      "If that does not help, tell the clinic.",
    ],
  }),
  unsupported: () => ({
    label: "Not supported",
    title: "This browser cannot make video calls",
    cause: "It has no way to use a camera or a microphone.",
    steps: [
      "Use a current Chrome, Edge, Firefox or Safari.",
      "Sign in there and join.",
    ],
  }),
  unknown: (thing) => ({
    label: `${capital(thing)} not working`,
    title: "Camera/Microphone Not Working",
    cause: `Your ${thing} could not be started. It is not your fault.`,
    steps: [
      "Check that your browser may use the camera and the microphone.",
      "Close other apps that may use them.",
      "Press Try again, or reload this page.",
    ],
  }),
};

const UNBLOCK: Record<BrowserName, (thing: string) => string[]> = {
  "safari-ios": () => [
    "Tap the page menu at the left of the address (ᴀA or a list icon).",
    "Tap Website Settings.",
    "Set Camera and Microphone to Allow.",
  ],
  "chrome-android": () => [
    "Tap the icon left of the address.",
    "Tap Permissions.",
    "Turn on Camera and Microphone.",
  ],
  chrome: () => [
    "Click the icon left of the address.",
    "Turn on Camera and Microphone.",
  ],
  edge: () => [
    "Click the lock left of the address.",
    "Set Camera and Microphone to Allow.",
  ],
  firefox: (thing) => [
    `Click the crossed-out ${
      thing === "microphone" ? "microphone" : "camera"
    } left of the address.`,
    "Remove the block with the small x.",
  ],
  safari: () => [
    "In the menu bar, open Safari, then Settings for this website.",
    "Set Camera and Microphone to Allow.",
  ],
  other: () => [
    "Open the settings of this page, usually at the icon left of the address.",
    "Allow camera and microphone.",
  ],
};

const DESKTOP_SYSTEM = [
  "On a Mac: System Settings, Privacy & Security, Camera and Microphone. On Windows: Settings, Privacy & security.",
  "Switch on your browser there.",
];

const SYSTEM: Record<BrowserName, string[]> = {
  "safari-ios": [
    "Open Settings, then Privacy & Security.",
    "Allow your browser under Camera and Microphone.",
  ],
  "chrome-android": [
    "Open Settings, Apps, your browser, Permissions.",
    "Allow Camera and Microphone.",
  ],
  chrome: DESKTOP_SYSTEM,
  edge: DESKTOP_SYSTEM,
  firefox: DESKTOP_SYSTEM,
  safari: DESKTOP_SYSTEM,
  other: DESKTOP_SYSTEM,
};
