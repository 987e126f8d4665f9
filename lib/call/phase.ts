/**
 * Where one person's call is on this page. The session has its own status; a
 * call can be over here while the session goes on, and the other way round.
 */
export type CallPhase =
  /** Camera and microphone are checked; nothing was asked of the server. */
  | "ready"
  /** Asked to join; the doctor has not started yet. */
  | "waiting"
  /** The doctor has started, but the page was out of sight: a click joins. */
  | "called"
  | "connecting"
  | "connected"
  | "reconnecting"
  /** The connection was lost for good. */
  | "disconnected"
  /** The same person joined from another tab or device. */
  | "replaced"
  /** Joining did not work. */
  | "failed"
  | "left"
  /** The session itself is over. */
  | "over";

/** What can happen to a call. */
export type CallEvent =
  | "join"
  | "wait"
  | "call"
  | "connect"
  | "reconnect"
  | "restore"
  | "drop"
  | "replace"
  | "fail"
  | "leave"
  | "finish";

/**
 * The life of a call on this page. What is not in the table does not happen:
 * an event that comes too late changes nothing.
 *
 *     ready ──join──▶ connecting ──connect──▶ connected ⇄ reconnecting
 *                       │    ▲                    │ drop, replace
 *                  wait ▼    │ join               ▼
 *                      waiting ──call──▶ called   disconnected, replaced ──join──▶ …
 */
const NEXT: Record<CallPhase, Partial<Record<CallEvent, CallPhase>>> = {
  ready: { join: "connecting", finish: "over" },
  waiting: {
    join: "connecting",
    call: "called",
    leave: "left",
    finish: "over",
  },
  called: { join: "connecting", leave: "left", finish: "over" },
  connecting: {
    wait: "waiting",
    connect: "connected",
    fail: "failed",
    replace: "replaced",
    leave: "left",
    finish: "over",
  },
  connected: {
    reconnect: "reconnecting",
    drop: "disconnected",
    replace: "replaced",
    leave: "left",
    finish: "over",
  },
  reconnecting: {
    restore: "connected",
    drop: "disconnected",
    replace: "replaced",
    leave: "left",
    finish: "over",
  },
  disconnected: { join: "connecting", leave: "left", finish: "over" },
  replaced: { join: "connecting", finish: "over" },
  failed: { join: "connecting", leave: "left", finish: "over" },
  left: { join: "connecting", finish: "over" },
  over: {},
};

/** The phase after the event, or the same one if the event means nothing now. */
export function nextPhase(phase: CallPhase, event: CallEvent): CallPhase {
  return NEXT[phase][event] ?? phase;
}

/** Whether the stage with the other person's picture is shown. */
export function isOnStage(phase: CallPhase): boolean {
  return phase === "connecting" || phase === "connected" ||
    phase === "reconnecting" ||
    phase === "disconnected";
}

/** Whether going away now means leaving something. */
export function isTakingPart(phase: CallPhase): boolean {
  return phase === "waiting" || phase === "called" || phase === "connecting" ||
    phase === "connected" || phase === "reconnecting";
}
