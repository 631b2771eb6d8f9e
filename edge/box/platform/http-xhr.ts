/**
 * HTTP for televisions: XMLHttpRequest, since engines before 2017 have no `fetch`. Conditional requests are
 * the browser's: replies come with `max-age=0`, so its cache revalidates each, and no header of ours makes a
 * preflight necessary. A 304 never gets here: the cached reply does.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Http } from "../ports.ts";

const HEADERS_RECEIVED = 2;
const DONE = 4;

export function createXhrHttp(clock: Clock, timers: Timers): Http {
  return {
    send(request, done) {
      const xhr = new XMLHttpRequest();
      const sentMs = clock.monotonicMs();
      let receivedMs = 0;
      let ended = false;
      const end = (status: number) => {
        if (ended) return;
        ended = true;
        disarm();
        done({
          status,
          text: status > 0 ? xhr.responseText : "",
          // Readable on the same origin only; elsewhere the browser logs a refusal, so it is not asked for.
          etag: null,
          retryAfter: status >= 400 ? xhr.getResponseHeader("Retry-After") : null,
          sentMs,
          receivedMs: receivedMs || clock.monotonicMs(),
        });
      };
      // Our own timer: `timeout` of old engines counts from the last byte, or is not there.
      const disarm = timers.after(request.timeoutMs, () => {
        end(0);
        xhr.abort();
      });
      xhr.onreadystatechange = () => {
        if (xhr.readyState >= HEADERS_RECEIVED && receivedMs === 0) receivedMs = clock.monotonicMs();
        if (xhr.readyState === DONE) end(xhr.status);
      };
      try {
        xhr.open(request.method, request.url, true);
        if (request.body !== null) xhr.setRequestHeader("Content-Type", "application/json");
        if (request.token) xhr.setRequestHeader("Authorization", `Bearer ${request.token}`);
        xhr.send(request.body);
      } catch {
        end(0);
      }
    },
  };
}
