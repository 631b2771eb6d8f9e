/** Ports that can be broken while the box runs: the network cut, storage refused, the wall clock set. */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Http, Store } from "../ports.ts";

export interface Faults {
  networkCut: boolean;
  storageKilled: boolean;
  /** How far the wall clock is set off, ms. */
  skewMs: number;
  /** Whether the last write failed, by a fault or by itself. */
  writeFailed: boolean;
}

export const noFaults = (): Faults => ({
  networkCut: false,
  storageKilled: false,
  skewMs: 0,
  writeFailed: false,
});

/** What a refused connection takes to be noticed. */
const REFUSED_MS = 20;

export function breakableHttp(http: Http, faults: Faults, clock: Clock, timers: Timers): Http {
  return {
    send(request, done) {
      const sentMs = clock.monotonicMs();
      const lost = () =>
        done({
          status: 0,
          text: "",
          etag: null,
          retryAfter: null,
          sentMs,
          receivedMs: clock.monotonicMs(),
        });
      if (faults.networkCut) {
        timers.after(REFUSED_MS, lost);
        return;
      }
      // What is under way when the line is cut does not arrive either.
      http.send(request, (reply) => (faults.networkCut ? lost() : done(reply)));
    },
  };
}

export function breakableStore(store: Store, faults: Faults): Store {
  return {
    load: store.load,
    put(key, text, done) {
      const told = (ok: boolean) => {
        faults.writeFailed = !ok;
        done(ok);
      };
      if (faults.storageKilled) told(false);
      else store.put(key, text, told);
    },
    remove(key) {
      if (!faults.storageKilled) store.remove(key);
    },
  };
}

export function breakableClock(clock: Clock, faults: Faults): Clock {
  return {
    wallMs: () => clock.wallMs() + faults.skewMs,
    monotonicMs: clock.monotonicMs,
  };
}
