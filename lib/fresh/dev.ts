/**
 * Building and developing an app.
 *
 * @module
 */
export {
  Builder,
  type BuilderOptions,
  type BuildOptions,
  type IslandSpecifier,
} from "./build/builder.ts";
