/** What is live, as server-sent events (WHATWG HTML, section 9.2). */
import { CuecastError } from "../../shared/errors.ts";
import type { Timers } from "../../shared/time/timers.ts";
import type { Events } from "../live/events.ts";
import { type Route, route } from "./route.ts";

/** Proxies cut what is silent for a minute; a page that hears nothing for longer takes the line for cut. */
const HEARTBEAT_MS = 15_000;
/** Then the browser asks again, and is let in again or not. */
const STREAM_MS = 600_000;

export function eventRoutes({ events, timers }: { events: Events; timers: Timers }): Route[] {
  function stream(stillIn: () => Promise<boolean>): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let end = () => {};
    return new ReadableStream<Uint8Array>({
      start(controller) {
        const ends: (() => void)[] = [];
        end = () => {
          for (const each of ends.splice(0)) each();
        };
        const finish = () => {
          end();
          try {
            controller.close();
          } catch {
            // The page has gone already.
          }
        };
        const send = (text: string) => {
          try {
            controller.enqueue(encoder.encode(text));
          } catch {
            end();
          }
        };
        const look = () =>
          void stillIn().then((isIn) => {
            if (!isIn) finish();
          });
        const stop = events.listen((topics) => {
          send(`data: ${JSON.stringify({ topics })}\n\n`);
          if (topics.includes("people")) look();
        }, finish);
        if (!stop) {
          throw new CuecastError("Cannot tell of changes: too many pages listen", {
            code: "too-many-listeners",
            status: 503,
            retryable: true,
          });
        }
        ends.push(stop, timers.after(STREAM_MS, finish));
        const beat = () => {
          send("event: beat\ndata: {}\n\n");
          // Who signed out, or was shut out, hears no more.
          look();
          ends.push(timers.after(HEARTBEAT_MS, beat));
        };
        send("retry: 2000\n\n");
        beat();
      },
      cancel: () => end(),
    });
  }
  return [
    route("GET", "/api/v1/events", {
      summary:
        'Server-sent events: `data: {"topics":[…]}` whenever something of a topic changed; `event: beat` every 15 s; for ten minutes',
      access: "people",
      produces: "text/event-stream",
      handle: async ({ stillIn }) =>
        new Response(stream(stillIn), {
          headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
        }),
    }),
  ];
}
