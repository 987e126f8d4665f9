import type { Config } from "@/lib/config.ts";
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from "@/lib/demo/clinic.ts";

function serviceOf({ video }: Config): string {
  switch (video.service) {
    case "twilio":
      return "Twilio";
    case "external_emulator":
      return `a Twilio emulator at ${video.baseUrl}`;
    case "emulator":
      return "the built-in Twilio emulator (no Twilio settings found)";
    case "none":
      return "none: set the TWILIO_… variables; until then calls are refused";
  }
}

/** What is said when the app is up: where it is, who can sign in, what carries the calls. */
export function banner(config: Config, address: string): string {
  const lines = [
    "",
    `  Bedside is ready at ${address}`,
    `  Video service: ${serviceOf(config)}`,
  ];
  if (config.appEnv !== "production") {
    lines.push("", `  Demo clinic, password for all: ${DEMO_PASSWORD}`);
    for (const { role, email, name } of DEMO_ACCOUNTS) {
      lines.push(`    ${role.padEnd(8)} ${email.padEnd(22)} ${name}`);
    }
  }
  return lines.join("\n") + "\n";
}
