// deno-lint-ignore-file no-console -- the one place that writes to the console

/**
 * Writes one line of JSON to standard error, so that nothing in it can look
 * like another line. Of an error only its stack is written: HTTP clients hang
 * whole requests on their errors, credentials included.
 */
export function logError(message: string, error?: unknown): void {
  console.error(JSON.stringify({
    time: new Date(),
    level: "error",
    message,
    ...(error instanceof Error ? { stack: error.stack } : {}),
  }));
}

/** Says something to whoever started the program. */
export function say(text: string): void {
  console.log(text);
}

/** Says why the program ends. */
export function sayError(text: string): void {
  console.error(`error: ${text}`);
}
