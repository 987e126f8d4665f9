import { define } from "@/lib/define.ts";

/** Whether the process can do its work: the storage answers. */
export const handler = define.handlers({
  async GET({ state }) {
    try {
      await state.services.kv.get(["readyz"]);
      return Response.json({ status: "ok" });
    } catch {
      return Response.json({ status: "storage_unavailable" }, { status: 503 });
    }
  },
});
