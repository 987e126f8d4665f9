import { HttpError } from "fresh";
import { define } from "@/lib/define.ts";
import { AppError, ERRORS } from "@/lib/errors.ts";
import { ErrorPage } from "@/lib/ui/ErrorPage.tsx";

/** The page for an error that reached the framework. */
export default define.page(function ErrorRoute({ error, state }) {
  const status = error instanceof HttpError || error instanceof AppError
    ? error.status
    : 500;
  const known = Object.values(ERRORS).find((entry) => entry.status === status);
  return (
    <ErrorPage
      status={status}
      title={(known ?? ERRORS.unexpected).title}
      detail={error instanceof AppError ? error.message : "No details"}
      requestId={state.client?.requestId ?? "none"}
    />
  );
});
