/**
 * A Chromium for browser tests: its own operating system process, fake camera and microphone, gone when disposed.
 *
 * ```ts
 * import { launchChromium } from "@/tests/support/chromium.ts";
 *
 * Deno.test("a patient joins", async () => {
 *   await using patient = await launchChromium({ context: { viewport: { width: 390, height: 844 } } });
 *   const page = await patient.newPage();
 *   await page.goto("http://127.0.0.1:8000/");
 * });
 * ```
 *
 * **Sanitizers.** A test that launches and disposes its own browser passes with `sanitizeOps` and `sanitizeResources`
 * on. A test that uses a browser launched outside it, the normal way to share one process among the tests of a file,
 * must set both to `false`: Playwright starts and ends timers of that browser within the test, and the test that
 * disposes it ends a child process it did not start.
 *
 * **Which browser.** `CHROME_PATH`; else an installed Chrome or Chromium; else the one inside the npm package
 * `@sparticuz/chromium`, unpacked once per user into the cache directory (2 s, 200 MB; Linux x64 only).
 *
 * **Processes.** The browser ends when it is disposed, and by itself when the test process dies, because it is driven
 * through a pipe that then closes.
 *
 * @module
 */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a test may choose about its browser. */
export interface ChromiumOptions {
  /**
   * What the user answers when asked for camera, microphone or screen (default `"allow"`). With `"deny"`,
   * `getUserMedia` rejects with `NotAllowedError`, as when a person chooses "Block". (Without any fake answer the
   * headless shell rejects with `NotSupportedError`, which no user ever sees, so that is not offered.)
   */
  readonly mediaPermission?: "allow" | "deny";
  /** Provide a fake camera and microphone (default `true`). With `false`, `getUserMedia` has no device to find. */
  readonly fakeMediaDevices?: boolean;
  /** Defaults of every context and page made here: viewport, `colorScheme`, `isMobile`, locale, … */
  readonly context?: BrowserContextOptions;
  /** More command line flags. */
  readonly args?: readonly string[];
}

/** A running Chromium. Dispose it (`await using`) to close every page and end the process. */
export interface TestChromium extends AsyncDisposable {
  /** Playwright's handle. */
  readonly browser: Browser;
  /** The program that runs. */
  readonly executablePath: string;
  /** A context of its own: no cookies or storage shared with others of this browser. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page in a new context, which is closed with the page. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
}

/** A Chromium program and what its environment must hold for it to start. */
interface ChromiumProgram {
  readonly path: string;
  readonly env: Record<string, string>;
}

/** Nothing leaves the machine, nothing asks, nothing is remembered. */
const BASE_FLAGS = [
  // `new` runs the full browser without a window; the headless shell of @sparticuz/chromium ignores the value.
  "--headless=new",
  // Root and containers without user namespaces have no sandbox. Pages under test are our own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
  // Two browsers on one machine reach each other through 127.0.0.1, also where that is the only interface.
  "--allow-loopback-in-peer-connection",
  // Remote audio and video play without a click, and at full speed while another page is in front.
  "--autoplay-policy=no-user-gesture-required",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/** Where Chrome and Chromium are usually installed, best first. */
const INSTALLED: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  linux: [
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  windows: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

/**
 * Starts a Chromium in a process of its own.
 *
 * @throws {Error} when no Chromium can be found or started; the message says what to install.
 */
export async function launchChromium(
  options: ChromiumOptions = {},
): Promise<TestChromium> {
  const program = await findChromium();
  const browser = await chromium.launch({
    executablePath: program.path,
    env: { ...Deno.env.toObject(), ...program.env },
    // Playwright's own headless mode mutes audio and differs between the shell and the full browser; the flag above
    // is the same for both.
    headless: false,
    // The test runner owns Ctrl-C: Playwright's handlers would keep listening after the browser is gone.
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    args: [
      ...BASE_FLAGS,
      `--use-fake-ui-for-media-stream${
        options.mediaPermission === "deny" ? "=deny" : ""
      }`,
      ...(options.fakeMediaDevices === false
        ? []
        : ["--use-fake-device-for-media-stream"]),
      ...(options.args ?? []),
    ],
  });
  return {
    browser,
    executablePath: program.path,
    newContext: (more) => browser.newContext({ ...options.context, ...more }),
    newPage: (more) => browser.newPage({ ...options.context, ...more }),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

let found: Promise<ChromiumProgram> | undefined;

/** The Chromium to run, looked up once per test process. */
function findChromium(): Promise<ChromiumProgram> {
  return found ??= lookUpChromium();
}

async function lookUpChromium(): Promise<ChromiumProgram> {
  const chosen = Deno.env.get("CHROME_PATH");
  if (chosen) {
    const failure = await startFailure({ path: chosen, env: {} });
    if (failure !== null) {
      throw new Error(
        `CHROME_PATH is ${chosen}, which does not start: ${failure}`,
      );
    }
    return { path: chosen, env: {} };
  }
  for (const path of INSTALLED[Deno.build.os] ?? []) {
    // A package may leave a stub that only says "install the snap": what counts is whether it starts.
    if (await exists(path) && await startFailure({ path, env: {} }) === null) {
      return { path, env: {} };
    }
  }
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error(
      "Browser tests need Chrome or Chromium: install one, or set CHROME_PATH to its program.",
    );
  }
  return await bundledChromium();
}

/** The Chromium of `@sparticuz/chromium`, unpacked if it is not yet. */
async function bundledChromium(): Promise<ChromiumProgram> {
  const dir = await unpackedChromium();
  const path = join(dir, "chromium");
  const fonts = { FONTCONFIG_FILE: join(dir, "fonts.conf") };
  // The machine's own NSS when it has one; else the copy in the package.
  const libraryPath = [
    join(dir, "al2023", "lib"),
    Deno.env.get("LD_LIBRARY_PATH"),
  ].filter(Boolean).join(":");
  const attempts: ChromiumProgram[] = [
    { path, env: fonts },
    { path, env: { ...fonts, LD_LIBRARY_PATH: libraryPath } },
  ];
  let failure: string | null = null;
  for (const program of attempts) {
    failure = await startFailure(program);
    if (failure === null) return program;
  }
  throw new Error(
    `Chromium from @sparticuz/chromium does not start: ${failure}\n` +
      "Install its libraries (Debian, Ubuntu: apt-get install libnss3 libnspr4), or install Chrome or Chromium, " +
      "or set CHROME_PATH to a Chrome program.",
  );
}

/** Directory of the unpacked package. Safe when several test processes unpack at once. */
async function unpackedChromium(): Promise<string> {
  const packageJson = new URL(
    "../package.json",
    import.meta.resolve("@sparticuz/chromium"),
  );
  const { version } = JSON.parse(await Deno.readTextFile(packageJson)) as {
    version: string;
  };
  // Not /tmp: a name there that others can guess is a program they can plant.
  const cache = Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache");
  const target = join(cache, "bedside-tests", `chromium-${version}`);
  if (await exists(join(target, "chromium"))) return target;

  await Deno.mkdir(dirname(target), { recursive: true });
  const staging = await Deno.makeTempDir({
    dir: dirname(target),
    prefix: "unpacking-",
  });
  try {
    const unpack = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        fileURLToPath(new URL("./unpack_chromium.ts", import.meta.url)),
      ],
      env: { TMPDIR: staging },
      stdin: "null",
    }).output();
    if (!unpack.success) {
      throw new Error(`Chromium could not be unpacked: ${text(unpack.stderr)}`);
    }
    await Deno.writeTextFile(
      join(staging, "fonts.conf"),
      fontsConf(join(target, "fonts", "fonts")),
    );
    await Deno.rename(staging, target);
  } catch (error) {
    await Deno.remove(staging, { recursive: true });
    // Another process was faster: its copy is as good.
    if (!await exists(join(target, "chromium"))) throw error;
  }
  return target;
}

/** Fonts of the machine, and Open Sans from the package for machines that have none. */
function fontsConf(bundled: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <dir>${bundled}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
}

/** `null` when the program starts, else what it said. */
async function startFailure(program: ChromiumProgram): Promise<string | null> {
  // On Windows `--version` opens a window instead of answering.
  if (Deno.build.os === "windows") {
    return await exists(program.path) ? null : "no such file";
  }
  try {
    const { success, stderr } = await new Deno.Command(program.path, {
      args: ["--version"],
      env: program.env,
      stdin: "null",
    }).output();
    return success
      ? null
      : text(stderr) || "it ended with an error and no message";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim();
}
