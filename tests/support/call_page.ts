import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { DEMO_PASSWORD } from "@/lib/demo/clinic.ts";

/** What somebody looks and sounds like in a test. */
export interface KnownMedia {
  /** CSS colour of the picture. */
  colour: string;
  /** Frequency of the sound. */
  hertz: number;
  /** Draws somebody dressed in this colour before that background. */
  portrait?: string;
}

/** The functions of `known_media.js`, in the page. */
interface PageMedia {
  received(): Promise<{ frames: number; samples: number; energy: number }>;
  remoteColour(): number[] | null;
  remoteTone(): Promise<{ hertz: number; level: number } | null>;
  dropSockets(): void;
}

declare global {
  var knownMedia: PageMedia;
}

const SCRIPT = await Deno.readTextFile(
  new URL("./known_media.js", import.meta.url),
);

/** Gives every page of the context a camera and a microphone whose content is known. */
export async function giveKnownMedia(
  context: BrowserContext,
  media: KnownMedia,
): Promise<void> {
  await context.addInitScript(
    `${SCRIPT}\ninstallKnownMedia(${JSON.stringify(media)});`,
  );
}

/** Signs in by the form, as people do. */
export async function signIn(
  page: Page,
  origin: string,
  email: string,
): Promise<void> {
  await page.goto(`${origin}/login`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
}

/** Steps of one story: when one fails, the rest would only wait in vain, so the test ends there. */
export function story(
  t: Deno.TestContext,
): (name: string, step: () => Promise<void>) => Promise<void> {
  return async (name, step) => {
    if (!await t.step(name, step)) {
      throw new Error(`The rest of the story needs "${name}"`);
    }
  };
}

/** Waits until the connection status says so. */
export async function waitForStatus(
  page: Page,
  status: "Connected" | "Reconnecting…" | "Disconnected",
): Promise<void> {
  await page.getByRole("status").filter({ hasText: status }).first().waitFor();
}

/** Asks again and again until the answer passes; fails with the last answer. */
export async function until<T>(
  ask: () => Promise<T>,
  passes: (answer: T) => boolean,
  what: string,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    if (Date.now() > deadline) {
      assert.fail(`${what}: still ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Fails unless frames are decoded and audio energy rises, now, on this page. */
export async function assertMediaFlows(page: Page): Promise<void> {
  const received = () => page.evaluate(() => knownMedia.received());
  const before = await received();
  await until(
    received,
    (now) =>
      now.frames >= before.frames + 10 && now.samples > before.samples &&
      now.energy > before.energy + 0.001,
    "media flows",
  );
}

/** Fails unless the picture and the tone that arrive on this page are the sender's. */
export async function assertContentOf(
  page: Page,
  { colour, hertz }: KnownMedia,
): Promise<void> {
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  await until(
    () => page.evaluate(() => knownMedia.remoteColour()),
    (seen) =>
      seen !== null &&
      wanted.every((value, i) => Math.abs(value - seen[i]!) < 40),
    `the picture is ${colour}`,
  );
  await until(
    () => page.evaluate(() => knownMedia.remoteTone()),
    (heard) => heard !== null && Math.abs(heard.hertz - hertz) < 15,
    `the tone is ${hertz} Hz`,
  );
}

/** Writes down every error of the page's own scripts; network errors of a lost connection do not count. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Refused to/.test(text)) errors.push(text);
  });
  return errors;
}
