import { compile, optimize } from "@tailwindcss/node";
import { Scanner } from "@tailwindcss/oxide";
import { dirname } from "node:path";

/**
 * Compiles a Tailwind stylesheet with the classes that occur in the files its
 * `@source` lines name, minified.
 */
export async function compileCss(stylesheet: string): Promise<string> {
  const compiler = await compile(await Deno.readTextFile(stylesheet), {
    base: dirname(stylesheet),
    from: stylesheet,
    onDependency: () => {},
  });
  const scanner = new Scanner({ sources: compiler.sources });
  const css = compiler.build(scanner.scan());
  return optimize(css, { minify: true, file: "bedside.css" }).code;
}
