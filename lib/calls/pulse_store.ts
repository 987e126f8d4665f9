import type { Pulse } from "@/lib/calls/wait.ts";

const PULSE_KEY = ["call_pulse"];

/** What the queue knows of itself over time, or null before anybody waited. */
export async function findPulse(kv: Deno.Kv): Promise<Pulse | null> {
  return (await kv.get<Pulse>(PULSE_KEY)).value;
}

/** Keeps what the queue knows of itself. */
export async function savePulse(kv: Deno.Kv, pulse: Pulse): Promise<void> {
  await kv.set(PULSE_KEY, pulse);
}
