/** The query parameter that ties the address of a static file to one release. */
export const CACHE_KEY = "__frsh_c";

let buildId = "";

/** Says which release is running. Called once a snapshot is applied (server) and by the boot script (browser). */
export function setBuildId(id: string): void {
  buildId = id;
}

/**
 * The address of a static file, tagged with the release, so that it may be cached for ever.
 *
 * Addresses of other origins, relative ones and already tagged ones come back unchanged.
 */
export function asset(path: string): string {
  if (
    buildId === "" || !path.startsWith("/") || path.startsWith("//") ||
    path.includes(CACHE_KEY)
  ) return path;
  const [beforeHash = "", hash] = path.split("#", 2);
  const tagged = `${beforeHash}${
    beforeHash.includes("?") ? "&" : "?"
  }${CACHE_KEY}=${buildId}`;
  return hash === undefined ? tagged : `${tagged}#${hash}`;
}

/** Applies {@link asset} to every address of an `srcset` attribute; descriptors (`2x`, `300w`) stay. */
export function assetSrcSet(srcset: string): string {
  // A data: address holds commas itself; splitting would tear it apart.
  if (srcset.includes("data:")) return srcset;
  return srcset.split(",").map((candidate) => {
    const [url = "", ...descriptors] = candidate.trim().split(/\s+/);
    return [asset(url), ...descriptors].join(" ");
  }).join(", ");
}
