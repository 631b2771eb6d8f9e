/** The editors' page: wiring. Everything it does goes through `/api/v1`. */
import { render } from "preact";
import { Page } from "./app/page.tsx";
import { browserClock, browserTimers, kept } from "./platform/browser.ts";
import { ask } from "./platform/http.ts";
import { createLive } from "./platform/live.ts";

const root = document.getElementById("page");
if (root) {
  render(
    <Page
      ask={ask}
      live={createLive("/api/v1/events", browserTimers, browserClock)}
      clock={browserClock}
      timers={browserTimers}
      keep={kept}
    />,
    root,
  );
}
