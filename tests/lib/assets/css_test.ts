import { doesNotMatch, match } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compileCss } from "@/lib/assets/css.ts";

const stylesheet = fileURLToPath(
  new URL("../../../lib/assets/styles/input.css", import.meta.url),
);

Deno.test("the stylesheet holds the components, both themes, and nothing a strict CSP reports", async () => {
  const css = await compileCss(stylesheet);
  match(css, /\.st-live/);
  match(css, /#5c2c66/);
  match(css, /prefers-color-scheme:\s*dark/);
  doesNotMatch(css, /data:|https?:\/\/(?!tailwindcss\.com)/);
});
