import {
  type DoctorOnDuty,
  isServing,
  type Skills,
} from "@/lib/calls/doctors.ts";

/** Something that a patient can ask for. */
export interface SkillOption {
  /** As requests name it. */
  value: string;
  /** Whether a doctor who has it takes calls now. */
  isServed: boolean;
}

/** What patients can ask for: somebody in the clinic answers to it. */
export interface Answerable {
  languages: SkillOption[];
  specialties: SkillOption[];
}

/** What patients can ask for, from what all doctors have said of themselves and who of them is there. */
export function answerable(
  known: readonly Skills[],
  onDuty: readonly DoctorOnDuty[],
): Answerable {
  const serving = onDuty.filter(isServing);
  const options = (kind: keyof Skills) => {
    const served = new Set(serving.flatMap((one) => one[kind]));
    const all = new Set(known.flatMap((one) => one[kind]));
    return [...all].map((value) => ({ value, isServed: served.has(value) }));
  };
  return {
    languages: options("languages"),
    specialties: options("specialties"),
  };
}
