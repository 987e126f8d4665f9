/**
 * Injected into every script for the browser, so that all that islands have in common is in one chunk: one request, and
 * one text for the compressor to find repetitions in.
 *
 * @module
 */
import "preact/hooks";
import "./boot.ts";

// What JSX compiles to. Names no island would declare.
export { Fragment as __freshFragment, h as __freshElement } from "preact";
