// deno-lint-ignore-file no-console -- a command says what it found
/**
 * `task test:mutations`: takes every guard of the app out, one at a time, in a
 * copy of it, and demands that the tests of access notice. Exit code 1 if one
 * did not. Name parts of paths to try only the guards of those files.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutant, mutantsOf } from "./guards.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What has guards. Not the framework, the emulator, or what runs in the browser; live answers ask which seat, not whether. */
const GUARDED = ["lib", "routes"];
const WITHOUT = /^lib\/(fresh|twilio_emulator|assets|call|live|ui)\//;

/** What the tests need of the app. */
const COPIED = [
  "deno.json",
  "deno.lock",
  "main.ts",
  "dev.ts",
  "lib",
  "routes",
  "islands",
  "static",
  "tests",
];

/** First what notices nearly everything, then what notices the rest. */
const TESTS = [
  [
    "tests/lib/access",
    "tests/lib/calls/policy_test.ts",
    "tests/lib/sessions/policy_test.ts",
    "tests/lib/visits/policy_test.ts",
  ],
  [
    "tests/lib/sign_in",
    "tests/routes/api/appointments",
    "tests/routes/api/consultations",
    "tests/routes/api/video",
    "tests/routes/api/v1/access_test.ts",
    "tests/routes/api/v1/auth",
    "tests/routes/api/v1/calls",
    "tests/routes/api/v1/telemedicine/token_test.ts",
    "tests/routes/api/v1/visits",
    "tests/routes/calls",
    "tests/routes/doctor",
    "tests/routes/webhooks",
    "tests/routes/telemedicine",
    "tests/routes/visits",
  ],
];

/** A guard that is gone may make a test wait for ever; that is not the same as noticing. */
const RUN_MS_MAX = 300_000;

/** What the tests come to. */
type Outcome = "passed" | "failed" | "hung";

async function sourcesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await sourcesBelow(path));
    else if (/\.tsx?$/.test(name) && !WITHOUT.test(path)) found.push(path);
  }
  return found.sort();
}

async function copy(path: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(join(root, path));
  if (!isDirectory) {
    return await Deno.copyFile(join(root, path), join(to, path));
  }
  await Deno.mkdir(join(to, path));
  for await (const { name } of Deno.readDir(join(root, path))) {
    await copy(join(path, name), to);
  }
}

/** A copy of the app to break. */
async function prepare(): Promise<string> {
  const to = await Deno.makeTempDir({ prefix: "bedside-mutants-" });
  for (const path of COPIED) await copy(path, to);
  await Deno.symlink(
    await Deno.realPath(join(root, "node_modules")),
    join(to, "node_modules"),
  );
  return to;
}

/** Runs tests until the first that fails. */
async function run(folder: string, tests: string[]): Promise<Outcome> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--no-check",
      "--fail-fast",
      // They want a built app, and take long.
      "--ignore=tests/**/*_browser_test.ts",
      ...tests,
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let outcome: Outcome | null = null;
  const stop = (why: Outcome) => {
    outcome ??= why;
    process.kill("SIGKILL");
  };
  const timer = setTimeout(stop, RUN_MS_MAX, "hung");
  let text = "";
  for await (
    const piece of process.stdout.pipeThrough(new TextDecoderStream())
  ) {
    text += piece;
    // A step has failed: the others of its test need not be waited for.
    if (outcome === null && text.includes("... FAILED")) stop("failed");
  }
  clearTimeout(timer);
  const { success } = await process.status;
  return outcome ?? (success ? "passed" : "failed");
}

/** What the tests say of the app without the guard. */
async function tryOne(folder: string, mutant: Mutant): Promise<Outcome> {
  const path = join(folder, mutant.file);
  const before = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, mutant.source);
  try {
    for (const tests of TESTS) {
      const outcome = await run(folder, tests);
      if (outcome !== "passed") return outcome;
    }
    return "passed";
  } finally {
    await Deno.writeTextFile(path, before);
  }
}

/** The guards of the files whose paths contain one of these, or of all. */
async function guards(parts: string[]): Promise<Mutant[]> {
  const found: Mutant[] = [];
  for (const folder of GUARDED) {
    for (const file of await sourcesBelow(folder)) {
      if (parts.length > 0 && !parts.some((part) => file.includes(part))) {
        continue;
      }
      const source = await Deno.readTextFile(join(root, file));
      found.push(...mutantsOf(file, source));
    }
  }
  return found;
}

const WORDS: Record<Outcome, string> = {
  failed: "noticed ",
  passed: "SURVIVED",
  hung: "HUNG    ",
};

/** Tries one mutant after the other in each folder; answers the number of those that nobody noticed. */
async function tryAll(mutants: Mutant[], folders: string[]): Promise<number> {
  const waiting = [...mutants];
  let survivors = 0;
  await Promise.all(folders.map(async (folder) => {
    for (let mutant; (mutant = waiting.shift());) {
      const outcome = await tryOne(folder, mutant);
      if (outcome !== "failed") survivors++;
      const { file, line, guard } = mutant;
      console.log(`${WORDS[outcome]} ${file}:${line} ${guard}`);
    }
  }));
  return survivors;
}

/** What the process ends with: 0 if every guard is missed, 1 if one is not, 2 if it cannot tell. */
async function main(): Promise<number> {
  const mutants = await guards(Deno.args);
  const count = Math.max(1, Math.min(4, navigator.hardwareConcurrency));
  const folders = await Promise.all(Array.from({ length: count }, prepare));
  try {
    console.log(`${mutants.length} guards; first the tests with all of them`);
    if (await run(folders[0]!, TESTS.flat()) !== "passed") {
      console.error("error: the tests fail with every guard in place");
      return 2;
    }
    const survivors = await tryAll(mutants, folders);
    console.log(
      `${mutants.length - survivors} of ${mutants.length} noticed`,
    );
    return survivors === 0 ? 0 : 1;
  } finally {
    for (const folder of folders) {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

Deno.exit(await main());
