/**
 * The last word to a client whose session ends.
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { LeaveReason } from "../rooms/events.ts";
import type { ServerMessage } from "./messages.ts";

/** What a client is told whose session ends; `null` when it knows, or cannot hear it. */
export function farewell(reason: LeaveReason): ServerMessage | null {
  switch (reason) {
    case "completed":
      return { type: "disconnected", version: 2, status: "completed" };
    case "kicked":
      return { type: "disconnected", version: 2, status: "disconnected" };
    case "duplicate":
      return errorMessage(new TwilioFault(53205));
    case "duration":
      return errorMessage(new TwilioFault(53216));
    case "left":
    case "timed-out":
      return null;
  }
}

/** An error, which ends the session whenever it comes. */
export function errorMessage({ code, message }: TwilioFault): ServerMessage {
  return { type: "error", version: 2, code, message };
}
