/**
 * What the tests of recordings share: a served emulator, callers on it, and a
 * page that plays files.
 *
 * @module
 */
import { serveFile } from "@/lib/twilio_emulator/media/serve_file.ts";
import type { EmulatorOptions } from "@/lib/twilio_emulator/mod.ts";
import type { TestChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { Caller } from "./caller.ts";
import { ACCOUNT, type ServedEmulator, serveEmulator } from "./harness.ts";
import { serveTestPage } from "./page.ts";

/** What a browser showed of a file. */
export interface Played {
  /** Seconds; `null` when the file does not say. */
  readonly duration: number | null;
  /** Seconds that went by. */
  readonly played: number;
  readonly frames: number;
  readonly pixel: readonly number[] | null;
  /** The middles of the left and the right half. */
  readonly sides: readonly (readonly number[])[] | null;
  readonly hertz: number;
  readonly decibels: number;
  /** Every tone that is about as loud as the loudest. */
  readonly peaks: readonly number[];
}

/** Plays files. */
export interface Player {
  readonly page: Page;
  play(url: string): Promise<Played>;
}

/** An emulator with whoever uses it; disposing ends all. */
export interface MediaScene extends AsyncDisposable {
  readonly served: ServedEmulator;
  caller(process: 0 | 1): Promise<Caller>;
  player(): Promise<Player>;
}

/**
 * Serves an emulator, the page of callers, and a player at `/player`.
 *
 * @param folder Served at `/file/`.
 */
export async function serveMediaScene(
  chromium: readonly [TestChromium, TestChromium],
  options: Partial<EmulatorOptions> = {},
  folder: string | null = null,
): Promise<MediaScene> {
  const stack = new AsyncDisposableStack();
  const callPage = await serveTestPage();
  const script = await Deno.readTextFile(
    new URL("./page/player.js", import.meta.url),
  );
  const page = (request: Request) => {
    const { pathname } = new URL(request.url);
    if (folder && pathname.startsWith("/file/")) {
      return serveFile(request, folder + pathname.slice("/file".length), {});
    }
    if (pathname !== "/player") return callPage(request);
    return new Response(`<!doctype html><body><script>${script}</script>`, {
      headers: { "content-type": "text/html" },
    });
  };
  const served = stack.use(serveEmulator({
    heartbeatMs: 1000,
    sessionTimeoutSeconds: 10,
    ...options,
  }, page));
  return {
    served,
    caller: async (process) =>
      stack.use(await Caller.open(chromium[process], served)),
    player: async () => {
      const page = await chromium[0].newPage();
      stack.defer(() => page.context().close());
      await page.goto(`${served.origin}/player`);
      return {
        page,
        play: (url) =>
          page.evaluate(
            (url) =>
              (globalThis as unknown as {
                play: (url: string) => Promise<Played>;
              }).play(url),
            url,
          ),
      };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/**
 * The temporary URL of a recording's or composition's media, as the real
 * client's generic request gives it.
 */
export async function mediaUrl(
  served: ServedEmulator,
  sid: string,
): Promise<string> {
  const resource = sid.startsWith("CJ") ? "Compositions" : "Recordings";
  const { statusCode, body } = await served.client.request({
    method: "get",
    uri: `${served.baseUrl}/v1/${resource}/${sid}/Media`,
    username: ACCOUNT.accountSid,
    password: ACCOUNT.authToken,
  });
  if (statusCode !== 302) throw new Error(`${statusCode} ${body}`);
  return body.redirect_to;
}

/** That a file was played, and shows a colour or sounds like a tone. */
export function assertShows(
  played: Played,
  wanted: { readonly pixel?: readonly number[]; readonly hertz?: number },
): void {
  const { pixel, hertz } = wanted;
  assert.ok(played.played > 0.4, `played ${played.played} s`);
  if (pixel) {
    assert.ok(played.frames > 5, `${played.frames} frames`);
    const isClose = pixel.every((value, index) =>
      Math.abs(value - (played.pixel?.[index] ?? 999)) < 40
    );
    assert.ok(isClose, `shows ${played.pixel} instead of ${pixel}`);
  }
  if (hertz) {
    assert.ok(Math.abs(played.hertz - hertz) < 15, `${played.hertz} Hz`);
    assert.ok(played.decibels > -60, `${played.decibels} dB`);
  }
}

/** An emulator in a process of its own, which records every room. */
export interface RecordingProcess extends AsyncDisposable {
  /** Its addresses only. */
  readonly served: ServedEmulator;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

/** Starts one that records into a folder. */
export async function recordingProcess(
  folder: string,
): Promise<RecordingProcess> {
  const script = new URL("./recording_process.ts", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script.pathname, folder],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const origin = new TextDecoder().decode(value).trim();
  let ended = false;
  const kill = async () => {
    if (ended) return;
    ended = true;
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
  };
  return {
    served: {
      origin,
      wsServer: `${origin.replace("http", "ws")}/twilio-emulator/signaling`,
    } as ServedEmulator,
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
