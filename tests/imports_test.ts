import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What each file is, by its path. The first pattern that fits names it. */
const KINDS: [kind: string, pattern: RegExp][] = [
  ["main", /^main\.ts$/],
  // A program of its own, which puts a part of the app together.
  ["task", /^lib\/server\/test_twilio\.ts$/],
  ["tool", /^(dev\.ts|lib\/assets\/.*|bench\/.*)$/],
  ["test", /^tests\//],
  ["route", /^routes\//],
  ["island", /^islands\//],
  ["framework", /^lib\/fresh\//],
  ["emulator", /^lib\/twilio_emulator\//],
  ["server", /^lib\/server\//],
  [
    "store",
    /^lib\/(\w+\/(\w+_)?store|kv\/(commit|copy|page|open|deadline|ticks|lease))\.ts$/,
  ],
  ["service", /^lib\/(\w+\/(\w+_)?service|services)\.ts$/],
  [
    "adapter",
    /^lib\/(video\/(twilio(_\w+)?|emulator|open|access_token|signature|unconfigured)|sign_in\/password|setup\/\w+_probes?)\.ts$/,
  ],
  ["http", /^lib\/(http\/.*|define\.ts)$/],
  ["browser", /^lib\/(call\/.*|(api|live|calls|messages)_client\.ts)$/],
  // Components and hooks; the tables and words beside them are pure.
  ["ui", /^lib\/ui\/(.*\.tsx|(.*\/)?use_\w+\.ts|live_sessions\.ts)$/],
  // What anything but the pure may use.
  ["basic", /^lib\/(log|new_id|shared_read|within)\.ts$/],
  ["pure", /^lib\//],
];

/** What each kind may import. Arrows only point inward, to `pure`. */
const ALLOWED: Record<string, string[]> = {
  main: ["server", "pure"],
  task: ["server", "route", "service", "store", "adapter", "http", "pure"],
  server: ["server", "service", "store", "adapter", "http", "pure"],
  route: ["route", "island", "ui", "http", "service", "pure"],
  island: ["island", "ui", "browser", "pure"],
  ui: ["ui", "browser", "pure"],
  browser: ["browser", "pure"],
  http: ["http", "service", "ui", "pure"],
  service: ["service", "store", "adapter", "pure"],
  adapter: ["adapter", "emulator", "pure"],
  store: ["store", "pure"],
  pure: ["pure"],
  framework: ["framework"],
  emulator: ["emulator"],
};

const root = fileURLToPath(new URL("..", import.meta.url));

const IMPORT =
  /(import\s+type\b[^;]*?)?(?:from|import\()\s*"((?:@\/|\.)[^"]+)"/g;

/** One import of one file. */
interface Edge {
  from: string;
  to: string;
  typeOnly: boolean;
}

async function* files(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = join(folder, name);
    if (isDirectory) yield* files(path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}

async function sources(): Promise<string[]> {
  const found = ["main.ts", "dev.ts"];
  for (const folder of ["lib", "routes", "islands"]) {
    for await (const path of files(folder)) found.push(path);
  }
  return found;
}

function kindOf(path: string): string {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? "other";
}

async function edges(): Promise<Edge[]> {
  const found: Edge[] = [];
  for (const from of await sources()) {
    const text = await Deno.readTextFile(join(root, from));
    for (const [, type, specifier] of text.matchAll(IMPORT)) {
      const to = specifier!.startsWith("@/")
        ? specifier!.slice(2)
        : relative(root, join(root, dirname(from), specifier!));
      found.push({ from, to, typeOnly: type !== undefined });
    }
  }
  return found;
}

Deno.test("imports only point inward", async () => {
  const outward = (await edges()).filter(({ from, to, typeOnly }) => {
    const allowed = ALLOWED[kindOf(from)];
    if (kindOf(to) === "basic" && kindOf(from) !== "pure") return false;
    // The shape of something is not the thing: types may come from anywhere.
    return allowed !== undefined && !typeOnly && !allowed.includes(kindOf(to));
  }).map(({ from, to }) => `${from} -> ${to}`);
  assert.deepEqual(outward, []);
});

Deno.test("the framework and the emulator know nothing of the app, not even its types", async () => {
  const outward = (await edges()).filter(({ from, to }) =>
    ["framework", "emulator"].includes(kindOf(from)) &&
    kindOf(from) !== kindOf(to)
  );
  assert.deepEqual(outward, []);
});

Deno.test("the framework is imported by its public names only", async () => {
  const inside = (await edges()).filter(({ from, to }) =>
    kindOf(to) === "framework" && kindOf(from) !== "framework"
  );
  assert.deepEqual(inside, []);
});

Deno.test("schemas stay on the server: their library is larger than everything a page loads", async () => {
  const all = await edges();
  const loaded = new Set(
    (await sources()).filter((path) => kindOf(path) === "island"),
  );
  // A set that grows while one goes through it goes on with what is new.
  for (const path of loaded) {
    for (const { from, to, typeOnly } of all) {
      if (from === path && !typeOnly) loaded.add(to);
    }
  }
  const withSchemas: string[] = [];
  for (const path of loaded) {
    const text = await Deno.readTextFile(join(root, path));
    if (/^import .* from "zod";$/m.test(text)) withSchemas.push(path);
  }
  assert.deepEqual(withSchemas, []);
});

const EFFECTS =
  /\bDeno\.|\bfetch\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bawait\b|\brandomUUID\(/;

Deno.test("pure modules read no clock, network, file or environment", async () => {
  const effectful: string[] = [];
  for (const path of await sources()) {
    if (kindOf(path) !== "pure") continue;
    if (
      EFFECTS.test(withoutComments(await Deno.readTextFile(join(root, path))))
    ) {
      effectful.push(path);
    }
  }
  assert.deepEqual(effectful, []);
});

Deno.test("only the stores of visits and sessions write their records", async () => {
  const writers: string[] = [];
  for (const path of await sources()) {
    if (["framework", "emulator", "tool", "test"].includes(kindOf(path))) {
      continue;
    }
    const text = withoutComments(await Deno.readTextFile(join(root, path)));
    assert(
      !/\.(sum|min|max)\(\s*\[/.test(text),
      `${path} mixes counters into commits`,
    );
    assert(!/\.enqueue\(\{|listenQueue/.test(text), `${path} uses a queue`);
    if (
      /\bsessionKey\(|\bvisitKey\(/.test(text) &&
      /\.set\((sessionKey|visitKey)/.test(text)
    ) {
      writers.push(path);
    }
  }
  assert.deepEqual(writers.sort(), [
    "lib/sessions/store.ts",
    "lib/sessions/upgrade_store.ts",
    "lib/visits/store.ts",
  ]);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
