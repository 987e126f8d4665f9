// deno-lint-ignore-file no-console -- a command says what it found
/**
 * Part of `task check`: every exported declaration of `lib/`, `islands/` and
 * `tests/support/` has its docstring. `deno doc --lint` finds them; what it
 * says besides (members whose name says it all, inferred types) does not count.
 */
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

async function sources(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await sources(path));
    else if (/\.tsx?$/.test(name) && !name.includes("_test.")) found.push(path);
  }
  return found;
}

const files = (await Promise.all(
  ["lib", "islands", "tests/support"].map(sources),
)).flat();

const { stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...files],
  cwd: root,
  env: { NO_COLOR: "1" },
  stdout: "null",
}).output();

const LOCATION =
  /^error\[missing-jsdoc\].*\n\s*--> (?<file>.+):(?<line>\d+):\d+$/gm;
const missing: string[] = [];
for (const { groups } of new TextDecoder().decode(stderr).matchAll(LOCATION)) {
  const { file, line } = groups as { file: string; line: string };
  // What the app's types are made of elsewhere is documented there.
  if (!file.startsWith(root) || file.includes("/node_modules/")) continue;
  const text = (await Deno.readTextFile(file)).split("\n")[Number(line) - 1];
  if (text?.startsWith("export")) {
    missing.push(`${file.slice(root.length)}:${line}: ${text.trim()}`);
  }
}
if (missing.length > 0) {
  console.error(`error: these have no docstring:\n${missing.join("\n")}`);
  Deno.exit(1);
}
