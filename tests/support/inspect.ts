import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds wrong with the page, and whether it has to be scrolled sideways. */
export async function inspect(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe })
      .axe.run();
    return violations.map(({ id, nodes }) =>
      `${id}: ${nodes.map((n) => n.html).join(" ")}`
    );
  });
  const sideways = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth
  );
  return sideways > 0 ? [...found, `scrolls sideways by ${sideways}`] : found;
}
