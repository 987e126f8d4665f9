// deno-lint-ignore-file no-console -- silences it

/** Keeps expected errors out of the test's output; `using` brings them back. */
export function quiet(): Disposable {
  const { error } = console;
  console.error = () => {};
  return {
    [Symbol.dispose]() {
      console.error = error;
    },
  };
}
