import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ICON_NAMES } from "@/lib/ui/icons.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The text of every source file under the folders. */
async function sources(...folders: string[]): Promise<string> {
  const texts: string[] = [];
  for (const folder of folders) {
    for await (
      const { name, isDirectory } of Deno.readDir(join(root, folder))
    ) {
      const path = join(folder, name);
      if (isDirectory) texts.push(await sources(path));
      else if (/\.tsx?$/.test(name) && name !== "icons.ts") {
        texts.push(await Deno.readTextFile(join(root, path)));
      }
    }
  }
  return texts.join("\n");
}

Deno.test("the sprite holds no icon that nothing shows", async () => {
  const text = await sources("routes", "islands", "lib/ui", "lib/call");
  deepEqual(ICON_NAMES.filter((name) => !text.includes(`"${name}"`)), []);
});
