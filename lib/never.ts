/** A signal that never comes: of work that nobody stops. */
export const NEVER: AbortSignal = new AbortController().signal;
