import type { CallRequest } from "@/lib/calls/call_request.ts";

/** What a doctor knows, as far as requests ask for it. */
export interface Skills {
  /** What requests for a specialty are matched with. */
  specialties: string[];
  /** What requests for a language are matched with, as language tags. */
  languages: string[];
}

/** A doctor as the matcher sees them. */
export interface DoctorOnDuty extends Skills {
  id: string;
  name: string;
  /** Takes calls, by their own switch. */
  isAvailable: boolean;
  /** Has the queue open. */
  isHere: boolean;
  /** Since when the call goes on that the doctor is in, in ms since 1970; null: in none. */
  busySince: number | null;
  /** How many calls in a row went unanswered there. */
  unanswered: number;
  /** Since when nothing was to be done, in ms since 1970: the last session is over, planned or not, and calls are taken. */
  idleSince: number;
}

/** What nobody has said anything about. */
export const NO_SKILLS: Skills = { specialties: [], languages: [] };

/** Whether the doctor is one that the request asks for. */
export function suits(
  { specialties, languages }: Skills,
  { specialty, language }: Pick<CallRequest, "specialty" | "language">,
): boolean {
  return (specialty === null || specialties.includes(specialty)) &&
    (language === null || languages.some((one) => isSpoken(one, language)));
}

/** Whether whoever speaks the one language is understood in the other: language tags (BCP 47), of which a region makes no difference. */
export function isSpoken(one: string, other: string): boolean {
  return new Intl.Locale(one).language === new Intl.Locale(other).language;
}

/** Whether the doctor could answer at this moment. */
export function isFree(doctor: DoctorOnDuty): boolean {
  return doctor.isAvailable && doctor.isHere && doctor.busySince === null;
}

/** Whether the doctor takes calls: at once, or after the one that runs. */
export function isServing(doctor: DoctorOnDuty): boolean {
  return doctor.isAvailable && (doctor.isHere || doctor.busySince !== null);
}
