// Tells the server in which zone this visitor reads the clock, so that pages come with the right times.
document.cookie = "time_zone=" +
  encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone) +
  "; path=/; max-age=31536000; samesite=lax" +
  (location.protocol === "https:" ? "; secure" : "");
