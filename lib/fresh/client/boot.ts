import { setBuildId } from "../shared/asset.ts";
import { hydrateIslands, type PageData } from "./hydrate.ts";

// Islands may ask for assets as soon as they are loaded, hence before anything else.
// This script is served from /_fresh/js/<build id>/.
setBuildId(import.meta.url.split("/").at(-2) ?? "");

const state = document.getElementById("__FRSH_STATE");
if (state?.textContent) {
  hydrateIslands(JSON.parse(state.textContent) as PageData);
}
