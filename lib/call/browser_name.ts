/** The browsers whose settings we can describe step by step. */
export type BrowserName =
  | "chrome"
  | "chrome-android"
  | "edge"
  | "firefox"
  | "safari"
  | "safari-ios"
  | "other";

/**
 * Which browser this is, from its user agent string. Only ever used to choose
 * words: a wrong guess costs a wrong hint, nothing else.
 */
export function browserName(userAgent: string): BrowserName {
  // On iOS every browser is Safari inside and has Safari's settings.
  if (/iPhone|iPad|iPod/.test(userAgent)) return "safari-ios";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Edg\//.test(userAgent)) return "edge";
  if (/Android/.test(userAgent)) {
    return /Chrome\//.test(userAgent) ? "chrome-android" : "other";
  }
  if (/Chrome\//.test(userAgent)) return "chrome";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}

/** Whether the page runs inside another app (a chat, a social network), where cameras are often out of reach. */
export function isInAppBrowser(userAgent: string): boolean {
  return /FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|Twitter|Snapchat|; wv\)/
    .test(userAgent);
}
