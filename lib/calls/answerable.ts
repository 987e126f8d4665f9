import {
  type DoctorOnDuty,
  isServing,
  type Skills,
  suits,
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
  const options = (
    kind: keyof Skills,
    wishFor: (value: string) => Parameters<typeof suits>[1],
  ) =>
    [...new Set(known.flatMap((one) => one[kind]))].map((value) => ({
      value,
      isServed: serving.some((one) => suits(one, wishFor(value))),
    }));
  return {
    languages: options("languages", (language) => ({
      language,
      specialty: null,
    })),
    specialties: options("specialties", (specialty) => ({
      specialty,
      language: null,
    })),
  };
}
