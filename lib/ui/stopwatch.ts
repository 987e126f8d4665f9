/** Seconds as a clock shows them: `04:37`, `1:02:09`. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = `${two(minutes)}:${two(whole % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
