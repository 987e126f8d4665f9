import type { RemoteParticipant } from "@/lib/call/connection.ts";
import type { CallPhase } from "@/lib/call/phase.ts";

/** The words of the status that is always in sight during a call. */
export function statusWord(phase: CallPhase): string {
  switch (phase) {
    case "connected":
      return "Connected";
    case "reconnecting":
      return "Reconnecting…";
    case "disconnected":
      return "Disconnected";
    default:
      return "Connecting…";
  }
}

/** What is to be said of somebody in the room; empty when all is as it should be. */
export function remoteWords(
  participant: RemoteParticipant,
  voiceOnly: boolean,
): string[] {
  if (participant.reconnecting) return ["Reconnecting…"];
  return [
    ...(!voiceOnly && participant.camera === "off" ? ["Camera off"] : []),
    ...(participant.microphone === "off" ? ["Muted"] : []),
  ];
}
