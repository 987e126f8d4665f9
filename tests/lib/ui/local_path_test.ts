import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { localPath, withParam } from "@/lib/ui/local_path.ts";

const paths: [value: unknown, path: string][] = [
  ["/visits?show=all#top", "/visits?show=all#top"],
  ["/visits/../login", "/login"],
  ["//evil.example", "/home"],
  ["/\\evil.example", "/home"],
  ["/\t/evil.example", "/home"],
  ["/.//evil.example", "/home"],
  ["https://evil.example/", "/home"],
  ["javascript:alert(1)", "/home"],
  ["visits", "/home"],
  ["", "/home"],
  [null, "/home"],
];
for (const [value, path] of paths) {
  Deno.test(`localPath() makes ${JSON.stringify(value)} ${path}`, () => {
    equal(localPath(value, "/home"), path);
  });
}

Deno.test("property: localPath() never leaves the site, whatever comes in", () => {
  const tail = fc.stringMatching(/^[/\\.:@?#\t\n a-z%0-9]*$/);
  fc.assert(fc.property(tail, (rest) => {
    const path = localPath(`/${rest}`, "/home");
    equal(
      new URL(path, "https://bedside.example/a/b").origin,
      "https://bedside.example",
    );
    ok(path.startsWith("/"));
  }));
});

Deno.test("withParam() keeps what is there", () => {
  equal(
    withParam("/visits/1/telemedicine?show=all#list", "problem", "conflict"),
    "/visits/1/telemedicine?show=all&problem=conflict#list",
  );
});
