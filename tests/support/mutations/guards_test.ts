import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { masked, mutantsOf } from "./guards.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What became of the one line that each mutant changed. */
function changes(source: string): [guard: string, line: string][] {
  return mutantsOf("file.ts", source).map((mutant) => [
    mutant.guard,
    mutant.source.split("\n")[mutant.line - 1]!.trim(),
  ]);
}

Deno.test("mutantsOf() takes calls of guards out, one by one", () => {
  const source = `
    const caller = requireCaller(ctx.state);
    const seat = authorize(caller.actor, of("a, b)", [1, 2]), session);
    if (!services.video.isSigned(url, fields, signature)) refuse();
    authorizeVisit(actor, "see", visit);
  `;
  assert.deepEqual(changes(source), [
    ["requireCaller(ctx.state)", "const caller = (ctx.state).caller;"],
    [
      'authorize(caller.actor, of("a, b)", [1, 2]), session)',
      'const seat = ((caller.actor).role === "patient" ? "patient" : "doctor");',
    ],
    [
      "services.video.isSigned(url, fields, signature)",
      "if (!true) refuse();",
    ],
    ['authorizeVisit(actor, "see", visit)', "undefined;"],
  ]);
});

Deno.test("mutantsOf() takes refusals, comparisons and the middleware out", () => {
  const source = `
    if (no) throw new AppError("cross_site", "From elsewhere");
    if (no) throw new AppError(
      "validation", "Not a guard");
    if (actor.role === "doctor" && actor.accountId === doctor.id) sit();
    app.use(one)
      .use(requireSameOrigin)
      .use(other);
  `;
  const found = mutantsOf("file.ts", source);
  assert.deepEqual(found.map(({ guard }) => guard), [
    "throw",
    'actor.role === "doctor" &&',
    "actor.accountId === doctor.id",
    ".use(requireSameOrigin)",
  ]);
  const [refusal, role, id, middleware] = found.map(({ source }) => source);
  assert.match(refusal!, /if \(no\) void new AppError\("cross_site"/);
  assert.match(role!, /if \(actor\.accountId === doctor\.id\) sit/);
  assert.match(id!, /=== "doctor" && true\) sit/);
  assert.match(middleware!, /use\(one\)\n {6}\.use\(other\)/);
});

Deno.test("mutantsOf() leaves declarations, comments and texts alone", () => {
  const source = `
    // requireCaller(state) is for pages
    /** See authorize(actor). */
    export function requireCaller(state: State): Caller {}
    const text = "requireCaller(state)" + \`authorize(\${x})\`;
    unauthorize(1); this.authorize(1);
  `;
  assert.deepEqual(mutantsOf("file.ts", source), []);
});

Deno.test("masked() reads the app's own source: every bracket is closed", async () => {
  let guards = 0;
  for (
    const folder of [
      "lib/calls",
      "lib/http",
      "lib/sessions",
      "lib/visits",
      "routes",
    ]
  ) {
    for (const path of await sourcesBelow(folder)) {
      const source = await Deno.readTextFile(join(root, path));
      const code = masked(source);
      assert.equal(code.length, source.length);
      // Text between tags may have brackets and quotes of its own.
      if (path.endsWith(".ts")) {
        const open = code.match(/[([{]/g)?.length ?? 0;
        assert.equal(open, code.match(/[)\]}]/g)?.length ?? 0, path);
      }
      guards += mutantsOf(path, source).length;
    }
  }
  assert(guards > 60, `${guards}`);
});

async function sourcesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await sourcesBelow(path));
    else if (/\.tsx?$/.test(name)) found.push(path);
  }
  return found;
}
