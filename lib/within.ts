/**
 * The answer if it comes within so many milliseconds, else what `late` makes
 * of that, who may also throw. The work itself goes on: it is for those that
 * cannot be told to stop. Leaves no timer behind.
 */
export async function within<T, L>(
  ms: number,
  work: Promise<T>,
  late: () => L,
): Promise<T | L> {
  const time = Promise.withResolvers<void>();
  const timer = setTimeout(time.resolve, ms);
  return await Promise.race([work, time.promise.then(late)])
    .finally(() => clearTimeout(timer));
}
