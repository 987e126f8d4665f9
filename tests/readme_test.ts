/** What the mission asks of the documentation and of the choices, as far as a program can read it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const readme = await Deno.readTextFile(join(root, "README.md"));
const settings = await Deno.readTextFile(join(root, ".env.example"));
const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));

/** The text below a heading, up to the next of its kind. */
function section(heading: string): string {
  const [, after] = readme.split(`\n${heading}\n`);
  assert(after !== undefined, `no section "${heading}"`);
  const level = heading.split(" ")[0]!;
  return after.split(new RegExp(`\n#{1,${level.length}} `))[0]!
    // As one reads it: lines are broken anywhere.
    .replace(/\s+/g, " ");
}

/** The sources below a folder, but for what is another project's. */
async function sources(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (path === "lib/twilio_emulator") continue;
    if (isDirectory) found.push(...await sources(path));
    else if (/\.tsx?$/.test(name)) found.push(path);
  }
  return found;
}

/** The files of the app in whose text the pattern is. */
async function filesWith(pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["lib", "routes", "islands"]) {
    for (const path of await sources(folder)) {
      if (pattern.test(await Deno.readTextFile(join(root, path)))) {
        found.push(path);
      }
    }
  }
  return found;
}

Deno.test("S1.9 S2.4 README: from the emulator to an account, step by step, with links", () => {
  const steps = section("### From the emulator to a Twilio account");
  for (
    const part of [
      "https://www.twilio.com/try-twilio",
      "trial credit",
      "https://console.twilio.com",
      "**Account SID**",
      "**Auth Token**",
      "**Account → API keys & tokens**",
      "shown once",
      "`.env`",
    ]
  ) assert(steps.includes(part), `${part} is not in the steps`);
  for (const step of [2, 3, 4, 5]) assert(steps.includes(` ${step}. `));
});

Deno.test("S1.5 S1.9 README and .env.example name every setting of Twilio, and what the auth token is for", () => {
  for (
    const name of [
      "TWILIO_ACCOUNT_SID",
      "TWILIO_AUTH_TOKEN",
      "TWILIO_API_KEY_SID",
      "TWILIO_API_KEY_SECRET",
    ]
  ) {
    assert(section("## Settings").includes(`\`${name}\``), name);
    assert.match(settings, new RegExp(`^${name}=$`, "m"));
  }
  assert.match(
    section("## Settings"),
    /`TWILIO_AUTH_TOKEN`[ |]+verifies Twilio's status callbacks/,
  );
});

Deno.test("S1.3 S2.7 the packages twilio and twilio-video are used, and every version is pinned", () => {
  for (const name of ["twilio", "twilio-video"]) {
    assert.match(config.imports[name], new RegExp(`^npm:${name}@`));
  }
  for (const [name, target] of Object.entries<string>(config.imports)) {
    if (target.startsWith(".")) continue;
    assert.match(target, /^npm:.+@\d+\.\d+\.\d+$/, name);
  }
  assert.equal(config.lock.frozen, true);
});

Deno.test("S1.3 the server loads parts of the twilio package, and the whole only when it is needed", async () => {
  const whole = await filesWith(/^import (?!type)[^;]*from "twilio";/m);
  assert.deepEqual(whole, []);
});

Deno.test("S2.2 signalling and transport are left to the service: the app opens no connection of its own", async () => {
  assert.deepEqual(
    await filesWith(/\bRTCPeerConnection\b|\bstun:|\bturn:/),
    [],
  );
  assert(section("### Another video service").includes("STUN, TURN"));
});

Deno.test("S2.3 another service is another implementation of one interface, at either end", async () => {
  for (const name of ["Agora", "Whereby", "PeerJS"]) {
    assert(section("### Another video service").includes(name), name);
  }
  const server = await filesWith(/(?:from|import\() ?"twilio[/"]/);
  for (const path of server) assert.match(path, /^lib\/(video|setup)\//);
  const browser = await filesWith(/(?:from|import\() ?"twilio-video"/);
  for (const path of browser) {
    assert.match(
      path,
      /^lib\/(call\/(sdk|sender|inspect_room|twilio_connector)|assets\/sdk)\.ts$/,
    );
  }
});

Deno.test("S1.35 README: where Twilio Video is documented", () => {
  assert(readme.includes("(https://www.twilio.com/docs/video)"));
});

Deno.test("S3.45 the commands to serve and to develop are tasks", () => {
  for (const name of ["start", "dev"]) {
    assert(name in config.tasks, name);
    assert.match(readme, new RegExp(`\`${name}\`|task ${name}`));
  }
});
