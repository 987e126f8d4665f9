import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileCss } from "@/lib/assets/css.ts";
import { type IconSet, iconSprite } from "@/lib/assets/icons.ts";
import { bundleSdk } from "@/lib/assets/sdk.ts";
import { ICON_NAMES } from "@/lib/ui/icons.ts";

/** Where the built assets go: a static directory of the Builder, beside `static/`. */
export const ASSETS_DIR = ".build/static";

/** Where an npm package of this project is installed. */
function packageDir(root: string, name: string): string {
  return join(root, "node_modules", name);
}

/** Writes a file unless it is already there with the same content, so that watchers stay calm. */
async function write(path: string, content: Uint8Array): Promise<void> {
  const old = await Deno.readFile(path).catch(() => null);
  const same = old !== null && old.length === content.length &&
    old.every((byte, i) => byte === content[i]);
  if (!same) await Deno.writeFile(path, content);
}

/** Compiles `/bedside.css`. The only asset that depends on the pages. */
export async function buildCss(root: string): Promise<void> {
  const css = await compileCss(join(root, "lib/assets/styles/input.css"));
  await write(
    join(root, ASSETS_DIR, "bedside.css"),
    new TextEncoder().encode(css),
  );
}

/** Builds `/icons.svg` from the icons that `lib/ui/icons.ts` lists. */
async function buildIcons(root: string): Promise<void> {
  const path = join(packageDir(root, "@iconify-json/lucide"), "icons.json");
  const lucide: IconSet = JSON.parse(await Deno.readTextFile(path));
  await write(
    join(root, ASSETS_DIR, "icons.svg"),
    new TextEncoder().encode(iconSprite(lucide, ICON_NAMES)),
  );
}

/** Copies the one font, `/font.woff2`. */
async function buildFont(root: string): Promise<void> {
  const font = await Deno.readFile(join(
    packageDir(root, "@fontsource-variable/atkinson-hyperlegible-next"),
    "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  ));
  await write(join(root, ASSETS_DIR, "font.woff2"), font);
}

/** Builds `/twilio-video.js`, which is loaded when somebody joins a call. */
async function buildSdk(root: string): Promise<void> {
  await write(join(root, ASSETS_DIR, "twilio-video.js"), bundleSdk(root));
}

/** Builds stylesheet, icons, font and SDK of the project into `.build/static`. */
export async function buildAssets(
  root = fileURLToPath(new URL("../..", import.meta.url)),
): Promise<void> {
  await Deno.mkdir(join(root, ASSETS_DIR), { recursive: true });
  await Promise.all(
    [buildCss, buildIcons, buildFont, buildSdk].map((build) => build(root)),
  );
}
