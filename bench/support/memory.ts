/** The memory that a process holds (resident set size), in MiB, as the system's `ps` tells it. */
export async function residentMiB(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=", "-p", String(pid)],
  }).output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}
