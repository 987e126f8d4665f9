import { z } from "zod";

/** Body of `POST /api/v1/auth/login/` and the fields of the sign-in form. */
export const SignInBody = z.strictObject({
  email: z.string().min(1, "is missing").max(254),
  password: z.string().min(1, "is missing").max(256),
});
