/** The demo clinic with people at their browsers. */
import type { BrowserContext, Page } from "playwright-core";
import { type AppProcess, startApp } from "./app_process.ts";
import { collectErrors, giveKnownMedia, type KnownMedia } from "./call_page.ts";
import { launchChromium, type TestChromium } from "./chromium.ts";

/** What a doctor looks and sounds like. */
export const DOCTOR: KnownMedia = { colour: "#e01010", hertz: 440 };
/** What a patient looks and sounds like. */
export const PATIENT: KnownMedia = { colour: "#1030e0", hertz: 660 };

/** A window as doctors have it. */
export const DESK = { viewport: { width: 1440, height: 900 } };
/** A window as patients have it. */
export const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

/** Somebody at a browser. */
export interface Visitor {
  browser: TestChromium;
  page: Page;
  context: BrowserContext;
  /** What went wrong in the page's own scripts. */
  errors: string[];
}

/** A window of its own, with camera and microphone; nobody is signed in. `prepare` is done before the first page. */
export async function openWindow(
  browser: TestChromium,
  media: KnownMedia,
  size: typeof DESK,
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<Visitor> {
  const context = await browser.newContext(size);
  await giveKnownMedia(context, media);
  await prepare?.(context);
  const page = await context.newPage();
  return { browser, page, context, errors: collectErrors(page) };
}

/** The app, and two people who can meet there. */
export interface Clinic extends AsyncDisposable {
  app: AppProcess;
  /** At a desk. */
  doctor: Visitor;
  /** With a phone, and in another browser process. */
  patient: Visitor;
}

/** Starts the app with the demo clinic, and two browsers. */
export async function openClinic(
  { start = startApp, prepare }: {
    start?: () => Promise<AppProcess>;
    prepare?: (context: BrowserContext) => Promise<unknown>;
  } = {},
): Promise<Clinic> {
  await using opened = new AsyncDisposableStack();
  const app = opened.use(await start());
  const [doctor, patient] = await Promise.all(
    ([[DOCTOR, DESK], [PATIENT, PHONE]] as const).map(async ([media, size]) =>
      await openWindow(
        opened.use(await launchChromium()),
        media,
        size,
        prepare,
      )
    ),
  ) as [Visitor, Visitor];
  const all = opened.move();
  return {
    app,
    doctor,
    patient,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Asks the API as whoever is signed in on the page; `path` is below `/api/`. */
export function ask(
  page: Page,
  method: string,
  path: string,
  json?: unknown,
  // deno-lint-ignore no-explicit-any -- tests look into every answer there is
): Promise<{ status: number; body: any }> {
  return page.evaluate(async ([method, path, json]) => {
    const response = await fetch(`/api/${path}`, {
      method: method as string,
      ...(method === "GET" ? {} : {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(json ?? {}),
      }),
    });
    return { status: response.status, body: await response.json() };
  }, [method, path, json]);
}

/** The others of the call, as the page shows them. */
export function remotesOn(page: Page) {
  return page.locator("#remote-media-container > [data-identity]");
}
