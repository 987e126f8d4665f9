/** What the cold start is held against: a server that has loaded what no version of this app could do without. */
import AccessToken from "twilio/lib/jwt/AccessToken.js";
import { z } from "zod";

const port = z.coerce.number().parse(Deno.env.get("PORT"));

Deno.serve(
  { port, hostname: "127.0.0.1", onListen() {} },
  () => new Response(AccessToken.name),
);
