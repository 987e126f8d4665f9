/**
 * Part of `task bench`: measures what is named in the arguments, or everything,
 * prints a table and writes `bench/results/<time>.json`. Speed is a ratio of
 * two things measured in the same run, so that it means the same on any
 * machine; a target that is missed is said, and fails nothing.
 */
import { say, sayError } from "@/lib/log.ts";
import type { Row } from "./row.ts";
import { isMet } from "./row.ts";
import { ROOT } from "./support/root.ts";
import { formatTable } from "./support/table.ts";

/** What can be measured, by the name one asks for it with. */
const BENCHES: Record<string, () => Promise<Row[]>> = {
  token: async () => (await import("./token.ts")).measureToken(),
  commits: async () => (await import("./commits.ts")).measureCommits(),
  list: async () => (await import("./list.ts")).measureList(),
  page: async () => (await import("./page.ts")).measurePage(),
  scripts: async () => (await import("./scripts.ts")).measureScripts(),
  join: async () => (await import("./join.ts")).measureJoin(),
  start: async () => (await import("./start.ts")).measureStart(),
};

const names = Deno.args.length === 0 ? Object.keys(BENCHES) : Deno.args;
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  const known = Object.keys(BENCHES).join(", ");
  sayError(`Cannot measure ${unknown.join(", ")}; there is ${known}`);
  Deno.exit(2);
}

const rows: Row[] = [];
for (const name of names) {
  say(`${name} …`);
  rows.push(...await BENCHES[name]!());
}
say(`\n${formatTable(rows)}\n`);

const folder = `${ROOT}bench/results`;
const at = new Date().toISOString();
const path = `${folder}/${at.replaceAll(":", "-")}.json`;
await Deno.mkdir(folder, { recursive: true });
await Deno.writeTextFile(
  path,
  JSON.stringify(
    {
      at,
      deno: Deno.version.deno,
      system: `${Deno.build.os} ${Deno.build.arch}`,
      cores: navigator.hardwareConcurrency,
      rows: rows.map((row) => ({ ...row, met: isMet(row) })),
    },
    null,
    2,
  ) + "\n",
);
say(`Written to ${path}`);
// autocannon keeps timers of its own.
Deno.exit(0);
