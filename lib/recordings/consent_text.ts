import {
  CONSENT_VERSION,
  type ConsentVersion,
} from "@/lib/recordings/consent_version.ts";
import type { Seat } from "@/lib/sessions/session.ts";

/** Whom a question about recording is about, and who reads it. */
export interface ConsentScene {
  /** Who reads. */
  seat: Seat;
  /** The doctor by the whole name. */
  doctor: string;
  /** The patient by the name used in a sentence. */
  patient: string;
  voiceOnly: boolean;
}

/** What people read before they answer. */
export interface ConsentText {
  title: string;
  sentences: string[];
}

/**
 * Every text that people were ever asked with, by its version: an answer in
 * the records names the one it was given to. A changed word is a new version;
 * older ones stay.
 */
const TEXTS: Record<ConsentVersion, (scene: ConsentScene) => ConsentText> = {
  "2026-11": ({ seat, doctor, patient, voiceOnly }) => {
    const isDoctor = seat === "doctor";
    const what = voiceOnly
      ? "the sound of both of you"
      : "the picture and sound of both of you";
    return {
      title: "May this session be recorded?",
      sentences: isDoctor
        ? [
          `You asked for a recording of this session: ${what}. It belongs to ${patient}'s record, so that what was said and shown can be looked up again.`,
          `Only you and ${patient} can play it, here, and each time is written to the history. The clinic's video service keeps it until you delete it.`,
          `It begins only when ${patient} allows it too. If either of you says no, the session takes place all the same, unrecorded.`,
          "Either of you can stop it at any time. What was recorded until then stays until you delete it.",
        ]
        : [
          `${doctor} asks to record ${what}. The recording belongs to your record, so that what was said and shown can be looked up again.`,
          `Only you and ${doctor} can play it, here, and each time is written to the history. The clinic's video service keeps it until ${doctor} deletes it.`,
          "You can say no. Your care does not change, and the session takes place all the same, unrecorded.",
          `You can change your mind at any time: the recording then stops. What was recorded until then stays until ${doctor} deletes it.`,
        ],
    };
  },
};

/** The words that somebody is asked with now. */
export function consentText(scene: ConsentScene): ConsentText {
  return TEXTS[CONSENT_VERSION](scene);
}
