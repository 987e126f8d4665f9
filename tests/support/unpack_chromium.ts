/**
 * Unpacks the Chromium that comes inside the npm package `@sparticuz/chromium` into `$TMPDIR`.
 *
 * Runs as its own process (see `chromium.ts`) because the package always writes to `os.tmpdir()` and takes a file that
 * is already there for complete, even when another process is still writing it. The caller gives each run an empty
 * `TMPDIR` and moves the finished directory into place with one rename.
 *
 * @module
 */
import { inflate } from "@sparticuz/chromium";
import { fileURLToPath } from "node:url";

/** `chromium`, its fonts, its software GL, and `al2023`: the NSS libraries, for machines that lack them. */
const ARCHIVES = [
  "chromium.br",
  "fonts.tar.br",
  "swiftshader.tar.br",
  "al2023.tar.br",
];

for (const archive of ARCHIVES) {
  await inflate(
    fileURLToPath(
      new URL(`../bin/${archive}`, import.meta.resolve("@sparticuz/chromium")),
    ),
  );
}
