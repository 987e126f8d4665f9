import { define } from "@/lib/define.ts";
import { receiveCallback } from "@/lib/callbacks/service.ts";
import { StatusCallback } from "@/lib/callbacks/status_callback.ts";
import { AppError } from "@/lib/errors.ts";
import { check, readFields } from "@/lib/http/input.ts";
import { originOf } from "@/lib/http/same_origin.ts";

export const handler = define.handlers({
  async POST({ req, state, url }) {
    const { services, config, client } = state;
    // Twilio sends no field twice: then it is not clear what was signed.
    const fields = await readFields(req, { twice: "signature_invalid" });
    const signature = req.headers.get("x-twilio-signature") ?? "";
    // Signed over the public URL, which a proxy may have rewritten on the way.
    const signedUrl = originOf(config, url) + url.pathname + url.search;
    if (!services.video.isSigned(signedUrl, fields, signature)) {
      throw new AppError("signature_invalid", "Cannot accept the callback");
    }
    await receiveCallback(services, client, check(StatusCallback, fields));
    return new Response(null, { status: 204 });
  },
});
