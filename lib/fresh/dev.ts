/**
 * Building and developing an app.
 *
 * @module
 */
export {
  type AnyApp,
  Builder,
  type BuilderOptions,
  type BuildOptions,
  type IslandSpecifier,
} from "./build/builder.ts";
export type { SourceMapOptions } from "./build/bundle.ts";
