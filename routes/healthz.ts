import { define } from "@/lib/define.ts";

/** Whether the process answers at all. */
export const handler = define.handlers({
  GET: () => Response.json({ status: "ok" }),
});
