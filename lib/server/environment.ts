import { parseEnv } from "node:util";
import { ConfigError } from "@/lib/config.ts";

/**
 * The environment, over what a `.env` file in the working folder says. Throws
 * `ConfigError` if the file is there but cannot be read or understood.
 */
export async function readEnvironment(
  path = ".env",
): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw new ConfigError(`Cannot read ${path}: ${error.message}`);
  });
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$|^\s*(export\s+)?[A-Za-z_]\w*\s*=/.test(line)) continue;
    // The line itself may hold a secret: only its number is said.
    throw new ConfigError(
      `Cannot read ${path}: line ${index + 1} is not NAME=value`,
    );
  }
  return {
    ...(parseEnv(text) as Record<string, string>),
    ...Deno.env.toObject(),
  };
}
