/**
 * What lets `/status` ask for itself again without leaving what it shows: a page that reloads itself ends in the browser's
 * own error when the edge is just starting, and stays there. Without scripts it reloads itself all the same.
 */

/** Seconds between two looks. */
export const REFRESH_SECONDS = 5;
/** A look that takes longer is given up, seconds. */
const ANSWER_SECONDS = 10;

export const PAGE_SCRIPT = `"use strict";
async function again() {
  const away = document.getElementById("away");
  try {
    const reply = await fetch(location.href, { signal: AbortSignal.timeout(${ANSWER_SECONDS * 1000}) });
    if (!reply.ok) throw new Error(String(reply.status));
    const next = new DOMParser().parseFromString(await reply.text(), "text/html");
    document.title = next.title;
    document.querySelector("link[rel=icon]").href = next.querySelector("link[rel=icon]").href;
    for (const part of ["header p", "main", "footer"]) {
      document.querySelector(part).replaceWith(next.querySelector(part));
    }
    away.hidden = true;
  } catch {
    away.hidden = false;
  }
  setTimeout(again, ${REFRESH_SECONDS * 1000});
}
setTimeout(again, ${REFRESH_SECONDS * 1000});
`;
