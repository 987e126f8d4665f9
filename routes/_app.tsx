import { asset } from "fresh/runtime";
import { define } from "@/lib/define.ts";

/** The one font. The rule stands here because its address carries the build id; text in a page cannot hold quotes, so it has none. */
const fontFace = (address: string) =>
  "@font-face{font-family:Atkinson Hyperlegible Next Variable;font-style:normal;" +
  `font-weight:200 800;font-display:swap;src:url(${address})}`;

/** The HTML document around every page. */
export default define.layout(function App({ Component, state }) {
  const font = asset("/font.woff2");
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
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
        <style>{fontFace(font)}</style>
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});
