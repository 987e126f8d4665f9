/**
 * One participant in a browser test: a page with the real SDK.
 *
 * @module
 */
import type { TestChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { accessToken, eventually, type ServedEmulator } from "./harness.ts";
import { SDK, type SdkVersion } from "./page.ts";

/** Where a page and its emulator are; they may be in another process. */
export type Place = Pick<ServedEmulator, "origin" | "wsServer">;

/** What a caller sends: the browser's fake devices, nothing, or known content. */
export type Media =
  | "fake"
  | "none"
  | {
    colour?: string;
    hertz?: number;
    data?: boolean;
    /** Frames per second; default 20. */
    fps?: number;
  };

/** What {@link Caller.join} may vary. */
export interface JoinOptions {
  readonly identity?: string;
  readonly room?: string | null;
  readonly token?: string;
  readonly media?: Media;
  /** More options of the SDK's `connect`. */
  readonly sdk?: Record<string, unknown>;
}

/** What a join gives: the room, or the SDK's error. */
export interface Joined {
  readonly sid?: string;
  readonly name?: string;
  readonly participant?: string;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Media that a page has received. */
export interface Received {
  readonly framesDecoded: number;
  readonly audioEnergy: number;
}

/** Somebody else in the room, as the SDK sees them. */
export interface Remote {
  readonly sid: string;
  readonly identity: string;
  readonly state: string;
  /** Such as `video`, `audio off`, `data unsubscribed`. */
  readonly tracks: string[];
}

/** A page with the SDK. Disposing closes it, as a user closes a tab. */
export class Caller implements AsyncDisposable {
  readonly page: Page;
  readonly #served: Place;

  private constructor(page: Page, served: Place) {
    this.page = page;
    this.#served = served;
  }

  /** Opens the page, which must be served with this version of the SDK. */
  static async open(
    chromium: TestChromium,
    served: Place,
    sdk: SdkVersion = SDK,
  ): Promise<Caller> {
    const page = await chromium.newPage();
    await page.goto(`${served.origin}/?sdk=${sdk}`);
    assert.equal(await page.evaluate("Video.version"), sdk);
    return new Caller(page, served);
  }

  /** Connects with the SDK. */
  join(options: JoinOptions = {}): Promise<Joined> {
    const identity = options.identity ?? "alice";
    const room = options.room === undefined ? "the room" : options.room;
    const token = options.token ??
      accessToken({ identity, ...(room === null ? {} : { room }) });
    const sdk = {
      ...(room === null ? {} : { name: room }),
      wsServer: this.#served.wsServer,
      insights: false,
      ...options.sdk,
    };
    return this.call("join", token, sdk, options.media ?? "fake");
  }

  /** Calls a function of the page's handle. */
  call<T>(name: string, ...args: unknown[]): Promise<T> {
    return this.page.evaluate(
      ([name, args]) => {
        const { call } = globalThis as unknown as {
          call: Record<string, (...args: unknown[]) => unknown>;
        };
        return call[name]!(...args) as T;
      },
      [name, args] as [string, unknown[]],
    );
  }

  /** Everything the SDK has said so far. */
  events(): Promise<string[]> {
    return this.page.evaluate<string[]>("call.events");
  }

  /** Waits for an event. */
  hears(event: string, ms?: number): Promise<string[]> {
    return eventually(
      () => this.events(),
      (events) => events.includes(event),
      `"${event}"`,
      ms,
    );
  }

  /** Waits until somebody's tracks are these. */
  sees(identity: string, tracks: string[], ms?: number): Promise<Remote[]> {
    const wanted = [...tracks].sort().join();
    return eventually(
      () => this.call<Remote[]>("remotes"),
      (remotes) =>
        remotes.some((remote) =>
          remote.identity === identity && remote.tracks.join() === wanted
        ),
      `${identity} with ${wanted || "no tracks"}`,
      ms,
    );
  }

  /** What has arrived over the peer connections that are open. */
  received(): Promise<Received> {
    return this.call("received");
  }

  /** Waits until more video frames and more audio have arrived than now. */
  async receivesMore(ms?: number): Promise<void> {
    const before = await this.received();
    await eventually(
      () => this.received(),
      (now) =>
        now.framesDecoded > before.framesDecoded + 5 &&
        now.audioEnergy > before.audioEnergy,
      `more media than ${JSON.stringify(before)}`,
      ms,
    );
  }

  /** Waits until the middle of somebody's video has about this colour. */
  async seesColour(identity: string, rgb: number[]): Promise<void> {
    await eventually(
      () => this.call<number[] | null>("pixel", identity),
      (pixel) =>
        pixel?.every((value, index) => Math.abs(value - rgb[index]!) < 40) ??
          false,
      `${identity} in ${rgb}`,
    );
  }

  /** Waits until the loudest tone of somebody's audio is about this one. */
  async hearsTone(identity: string, hertz: number): Promise<void> {
    await eventually(
      () => this.call<{ hertz: number; decibels: number }>("tone", identity),
      (tone) =>
        tone !== null && Math.abs(tone.hertz - hertz) < 15 &&
        tone.decibels > -60,
      `${identity} at ${hertz} Hz`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
