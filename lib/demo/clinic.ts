import type { Role } from "@/lib/accounts/account.ts";
import type { Skills } from "@/lib/calls/doctors.ts";

/** Nobody here is real. */
export const DEMO_PASSWORD = "bedside-demo";

/** Somebody of the demo clinic. */
export interface DemoAccount {
  email: string;
  name: string;
  role: Role;
}

/** The people of the demo clinic; the banner and the sign-in page list them. */
export const DEMO_ACCOUNTS = [
  { email: "dr.rao@demo.bedside", name: "Dr Meera Rao", role: "doctor" },
  { email: "dr.lee@demo.bedside", name: "Dr Jonas Lee", role: "doctor" },
  { email: "asha@demo.bedside", name: "Asha Kumar", role: "patient" },
  { email: "ben@demo.bedside", name: "Ben Ortiz", role: "patient" },
  { email: "admin@demo.bedside", name: "Ada Brandt", role: "admin" },
] as const satisfies DemoAccount[];

/** The address of somebody in the demo clinic. */
export type DemoEmail = typeof DEMO_ACCOUNTS[number]["email"];

/** What the doctors of the demo clinic are asked for, once they take calls. */
export const DEMO_SKILLS: { doctor: DemoEmail; skills: Skills }[] = [
  {
    doctor: "dr.rao@demo.bedside",
    skills: { specialties: ["general-practice"], languages: ["en"] },
  },
  {
    doctor: "dr.lee@demo.bedside",
    skills: { specialties: ["dermatology"], languages: ["en", "es"] },
  },
];

/** What becomes of a session of the demo clinic. Times are minutes from now; negative ones are past. */
export interface DemoSession {
  scheduledIn: number;
  /** When it was planned. */
  createdIn: number;
  notes?: string;
  recordingEnabled?: boolean;
  voiceOnly?: boolean;
  then?:
    | { status: "IN_PROGRESS"; startedIn: number }
    | { status: "COMPLETED"; startedIn: number; endedIn: number }
    | { status: "CANCELLED"; in: number }
    | { status: "FAILED"; in: number };
}

/** A visit of the demo clinic. */
export interface DemoVisit {
  doctor: DemoEmail;
  patient: DemoEmail;
  reason: string;
  createdIn: number;
  closedIn?: number;
  sessions: DemoSession[];
  /** Who writes has read what was there before. */
  messages: { by: "doctor" | "patient"; in: number; text: string }[];
}

const HOURS = 60;
const DAYS = 24 * HOURS;

/** The visits of the demo clinic, with sessions in every status. */
export const DEMO_VISITS: DemoVisit[] = [
  {
    doctor: "dr.rao@demo.bedside",
    patient: "asha@demo.bedside",
    reason: "Cough for three days, worse at night",
    createdIn: -3 * DAYS,
    sessions: [
      {
        createdIn: -3 * DAYS + 20,
        scheduledIn: -2 * DAYS,
        then: { status: "FAILED", in: -2 * DAYS },
      },
      {
        createdIn: -2 * DAYS,
        scheduledIn: -1 * DAYS,
        notes: "Dry cough, no fever. Sleeps poorly.",
        then: {
          status: "COMPLETED",
          startedIn: -1 * DAYS + 1,
          endedIn: -1 * DAYS + 19,
        },
      },
      {
        createdIn: -1 * DAYS + 30,
        scheduledIn: 15,
        notes: "Ask about the peak-flow diary.",
        recordingEnabled: true,
      },
      {
        createdIn: -1 * DAYS + 35,
        scheduledIn: 5 * DAYS,
        voiceOnly: true,
        notes: "Follow-up by voice.",
      },
    ],
    messages: [
      {
        by: "doctor",
        in: -1 * DAYS + 40,
        text: "Two spoons of the syrup before sleep, please.\n" +
          "How were the nights since?",
      },
      {
        by: "patient",
        in: -5 * HOURS,
        text: "Better. I woke up once, not four times.",
      },
      {
        by: "doctor",
        in: -50,
        text: "Good. Please have your inhaler with you today.",
      },
    ],
  },
  {
    doctor: "dr.rao@demo.bedside",
    patient: "asha@demo.bedside",
    reason: "Sprained ankle",
    createdIn: -40 * DAYS,
    closedIn: -30 * DAYS,
    sessions: [
      {
        createdIn: -40 * DAYS + 10,
        scheduledIn: -39 * DAYS,
        then: { status: "CANCELLED", in: -39 * DAYS - 3 * HOURS },
      },
      {
        createdIn: -39 * DAYS - 2 * HOURS,
        scheduledIn: -38 * DAYS,
        then: {
          status: "COMPLETED",
          startedIn: -38 * DAYS + 2,
          endedIn: -38 * DAYS + 14,
        },
      },
    ],
    messages: [
      {
        by: "doctor",
        in: -37 * DAYS,
        text: "No running for two weeks. Write when it swells again.",
      },
      {
        by: "patient",
        in: -31 * DAYS,
        text: "I walk without pain now. Thank you.",
      },
      { by: "doctor", in: -30 * DAYS - HOURS, text: "Then we are done here." },
      { by: "patient", in: -30 * DAYS - 30, text: "Thank you again." },
    ],
  },
  {
    doctor: "dr.lee@demo.bedside",
    patient: "ben@demo.bedside",
    reason: "Rash on both arms",
    createdIn: -1 * DAYS,
    sessions: [
      {
        createdIn: -1 * DAYS + 15,
        scheduledIn: -5,
        then: { status: "IN_PROGRESS", startedIn: -4 },
      },
    ],
    messages: [
      {
        by: "patient",
        in: -20,
        text: "It itches most in the evening.",
      },
    ],
  },
];
