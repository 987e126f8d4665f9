import type { SessionView } from "@/lib/sessions/view.ts";
import type { IconName } from "@/lib/ui/icons.ts";
import { firstName } from "@/lib/ui/session_words.ts";

/** The commands that cannot be undone. */
export type FinalCommand = "end" | "cancel";

/** What is asked before a command that cannot be undone. */
export interface Confirmation {
  title: string;
  /** What it will do. */
  effect: string;
  /** What else one might want. */
  instead: string;
  /** The safe answer. */
  keep: string;
  /** The button that does it. */
  act: string;
  icon: IconName;
}

/** Whether a command cannot be undone, so that one has to be asked first. */
export function isFinal(command: string): command is FinalCommand {
  return command === "end" || command === "cancel";
}

/** The question before ending or cancelling this session. */
export function confirmation(
  command: FinalCommand,
  session: SessionView,
): Confirmation {
  const name = firstName(session.patient.name);
  return command === "end"
    ? {
      title: "End the session for everyone?",
      effect:
        `${name} will be disconnected and the session becomes Completed. This cannot be undone.`,
      instead: "Only stepping out? Leave Call keeps the session open.",
      keep: "Keep it open",
      act: "End Session",
      icon: "circle-stop",
    }
    : {
      title: "Cancel this session?",
      effect:
        `${name} will see it as Cancelled and cannot join it any more. This cannot be undone.`,
      instead: "Another time? Create a new session, then cancel this one.",
      keep: "Keep it",
      act: "Cancel session",
      icon: "ban",
    };
}

/** The question before the recording of this session is deleted. */
export function deletionQuestion(session: SessionView): Confirmation {
  const name = firstName(session.patient.name);
  return {
    title: "Delete the recording?",
    effect:
      `Nobody can play it any more, neither you nor ${name}. This cannot be undone.`,
    instead: "The session and its history stay as they are.",
    keep: "Keep it",
    act: "Delete recording",
    icon: "trash",
  };
}
