import type { Failure } from "@/lib/call/failure.ts";

/** A failure of the call in words. */
export interface CallProblem {
  title: string;
  cause: string;
  /** Whether trying the same again can help. */
  canRetry: boolean;
  /** For whoever helps: what exactly was said. */
  details: string;
}

interface Words {
  title?: string;
  cause: string;
  canRetry?: boolean;
}

const FAILED_TO_JOIN = "Failed to join session";

const NETWORK: Words = {
  title: "Your network is blocking video",
  cause:
    "Picture and sound do not get through. Another network, or switching off a VPN, usually helps.",
};

const SERVICE: Words = {
  cause:
    "The video service has a problem. It is not your fault, and not your device's.",
};

const ENDED: Words = {
  title: "This call has ended",
  cause: "The room was closed. Go back to see where the session stands.",
};

/** By the code of the API (`lib/errors.ts`) or of this page. */
const BY_WORD: Record<string, Words> = {
  network: {
    title: "No connection",
    cause: "We could not reach the clinic. Check that you are online.",
  },
  unauthenticated: {
    title: "Please sign in again",
    cause: "You are signed out. Sign in again to join.",
    canRetry: false,
  },
  role_forbidden: {
    cause: "Your role cannot do this in this session.",
    canRetry: false,
  },
  session_not_found: {
    cause: "We cannot find this session for your account.",
    canRetry: false,
  },
  not_started: {
    cause:
      "The session has not started yet. It can be joined once it is IN_PROGRESS.",
  },
  session_over: {
    cause: "The session is over. Nobody can join it any more.",
    canRetry: false,
  },
  session_running: {
    title: "This was not possible",
    cause: "Another session of this visit is running. End that one first.",
    canRetry: false,
  },
  invalid_transition: {
    title: "This was not possible",
    cause: "The session has changed meanwhile. You see how it is now.",
  },
  conflict: {
    title: "This was not possible",
    cause:
      "Somebody else has just changed this session. You see how it is now.",
  },
  rate_limited: {
    cause: "There were too many attempts. Please wait a moment.",
  },
  video_not_configured: {
    cause:
      "Video is not set up at this clinic yet: its video credentials are missing. It is not your fault.",
  },
  video_rejected: {
    cause:
      "The video service refused the clinic's credentials or this room. It is not your fault.",
  },
  video_unavailable: {
    cause: "The video service does not answer. Please try again in a moment.",
  },
  storage_busy: {
    cause: "The clinic's records are busy. Please try again in a moment.",
  },
  request_in_progress: {
    cause: "The clinic is still working on it. Please try again in a moment.",
  },
  storage_unavailable: {
    cause:
      "The clinic's records cannot be reached. Please try again in a minute.",
  },
  not_loaded: {
    cause:
      "A part of this page did not arrive. Check that you are online, then try again.",
  },
  unsupported: {
    title: "This browser cannot make video calls",
    cause: "Use a current Chrome, Edge, Firefox or Safari.",
    canRetry: false,
  },
};

/** By the number of the video service (https://www.twilio.com/docs/api/errors). */
const BY_NUMBER: Record<string, Words> = {
  "20101": SERVICE,
  "20103": SERVICE,
  "20104": {
    title: "Let us reconnect you",
    cause: "Your pass for this call ran out. Trying again gets a new one.",
  },
  "20106": SERVICE,
  "20107": SERVICE,
  "53000": NETWORK,
  "53001": {
    title: "The connection was lost",
    cause: "Your network was away for too long.",
  },
  "53002": NETWORK,
  "53006": {
    title: "The video service is busy",
    cause: "Please try again in a moment.",
  },
  "53103": {
    cause:
      "The session has no open room. The doctor may have to start it again.",
  },
  "53105": {
    title: "The session is full",
    cause: "Somebody else has taken your place. Please ask the doctor.",
  },
  "53106": {
    cause:
      "The session has no open room: it has not started yet, or it is over.",
  },
  "53118": ENDED,
  "53124": {
    title: "This is a voice session",
    cause: "It carries no picture. Join with voice only.",
  },
  "53125": {
    title: "This is a voice session",
    cause: "It carries no picture. Join with voice only.",
  },
  "53405": NETWORK,
  "53407": NETWORK,
};

/** Says what did not work, whose fault it is not, and whether to try again. */
export function callProblem(failure: Failure): CallProblem {
  const words = failure.from === "room"
    ? BY_NUMBER[failure.code]
    : BY_WORD[failure.code];
  return {
    title: words?.title ?? FAILED_TO_JOIN,
    cause: words?.cause ??
      "Something unexpected happened. It is not your fault.",
    canRetry: words?.canRetry ?? true,
    details: failure.from === "room"
      ? `Error connecting to the room: ${failure.message} (${failure.code})`
      : `${failure.message} (${failure.code})`,
  };
}
