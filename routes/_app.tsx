import { asset } from "fresh/runtime";
import { define } from "@/lib/define.ts";

/** The one font. The rule stands here because its address carries the build id. */
const fontFace = (src: string) =>
  `@font-face{font-family:"Atkinson Hyperlegible Next Variable";font-style:normal;` +
  `font-display:swap;font-weight:200 800;src:url("${src}") format("woff2")}`;

/** The HTML document around every page. */
export default define.layout(function App({ Component, state }) {
  const font = asset("/font.woff2");
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover"
        />
        <meta name="color-scheme" content="light dark" />
        <meta
          name="theme-color"
          content="#fffdfc"
          media="(prefers-color-scheme: light)"
        />
        <meta
          name="theme-color"
          content="#262029"
          media="(prefers-color-scheme: dark)"
        />
        <title>{state.title ? `${state.title} · Bedside` : "Bedside"}</title>
        <link
          rel="preload"
          href={font}
          as="font"
          type="font/woff2"
          crossorigin="anonymous"
        />
        <link rel="stylesheet" href={asset("/bedside.css")} />
        <link rel="icon" href={asset("/icon.svg")} type="image/svg+xml" />
        <link rel="apple-touch-icon" href={asset("/icon-180.png")} />
        <style dangerouslySetInnerHTML={{ __html: fontFace(font) }} />
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});
