/**
 * The KV Connect server in a process of its own, which outlives the apps that
 * use it: `deno run -A tests/support/kv_connect/main.ts --port 4512 --file
 * kv.sqlite3`. Clients need the same DENO_KV_ACCESS_TOKEN.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { ACCESS_TOKEN, serveKvConnect } from "./server.ts";

const { values } = parseArgs({
  options: { port: { type: "string" }, file: { type: "string" } },
});

const server = serveKvConnect({
  port: Number(values.port ?? 4512),
  accessToken: Deno.env.get("DENO_KV_ACCESS_TOKEN") || ACCESS_TOKEN,
  ...(values.file === undefined ? {} : { file: values.file }),
});
const line = `KV Connect listens at ${server.url}\n`;
await Deno.stdout.write(new TextEncoder().encode(line));

const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, stop);
}
await stopped;
await server[Symbol.asyncDispose]();
Deno.exit(0);
