/** A box's line: latency, loss, what overtakes and comes twice, edges that refuse or say nothing. */
import type { Http, HttpReply, HttpRequest } from "../../edge/box/ports.ts";
import type { Dice } from "./dice.ts";
import type { EdgeReply } from "./edge.ts";
import { callOff } from "./event-queue.ts";
import type { Hardware } from "./hardware.ts";
import type { MachineSettings } from "./machine-settings.ts";
import { createPlantedReplies } from "./planted-replies.ts";
import type { Machine } from "./watcher.ts";

/** The box at its end. */
export interface LineEnd {
  machine(): Machine;
  /** How often it was started: a reply to an earlier start is lost. */
  starts(): number;
  /** Runs what a reply brings about: the box's next step. */
  enter(run: () => void): void;
  /** Keeps what comes while it is asleep. */
  hold(run: () => void): void;
  notes?: ((text: string) => void) | undefined;
}

const NONE: EdgeReply = { status: 0, text: "", etag: null, retryAfter: null };
const REFUSED_AFTER_MS = 2;

/** @param net dice of this line alone */
export function createLine(settings: MachineSettings, hardware: Hardware, net: Dice, end: LineEnd): Http {
  const { name, queue, trace, watcher, planted, startMs, edges, faults } = settings;
  const { hit } = settings.coverage;
  const { wayMs, lossPart } = hardware;
  const urls = [...edges.keys()];
  const changed = createPlantedReplies(planted);
  let sent = 0;
  let lastEnded = 0;

  const way = () => wayMs * (faults ? net.between(0.5, net.chance(0.02) ? 20 : 2) : 1);

  function send(request: HttpRequest, done: (reply: HttpReply) => void): void {
    const machine = end.machine();
    const start = end.starts();
    const sentMs = machine.monotonicMs();
    let url = "";
    for (const each of urls) if (request.url.startsWith(each)) url = each;
    const edge = edges.get(url);
    const path = request.url.slice(url.length);
    let ended = false;
    const turn = ++sent;
    machine.usage.requests++;
    machine.usage.sentBytes += request.body?.length ?? 0;
    trace.add(request.url, queue.nowMs());
    end.notes?.(`asks ${request.url}${request.body ? ` ${request.body}` : ""}`);

    const finish = (reply: EdgeReply) => {
      if (ended || start !== end.starts()) return;
      if (machine.asleep) {
        end.hold(() => finish(reply));
        return;
      }
      ended = true;
      machine.usage.receivedBytes += reply.text.length;
      if (turn < lastEnded) hit("reply overtaken by a later one");
      else lastEnded = turn;
      end.notes?.(`is told ${reply.status} to ${path}${reply.text.length < 300 ? ` ${reply.text}` : ""}`);
      callOff(timeout);
      trace.add(name, reply.status);
      const { status, text, schedule, etag, retryAfter } = reply;
      // A copy of its own: what it refers to is shared, and stays as it is.
      const content = schedule && { ...schedule };
      const receivedMs = machine.monotonicMs();
      const got = changed(request, { status, text, content, etag, retryAfter, sentMs, receivedMs });
      end.enter(() => done(got));
      if (reply.status === 200 && reply.schedule && machine.box) watcher.pulled(machine, reply.schedule);
    };
    const timeout = queue.after(request.timeoutMs, () => {
      hit("timed out");
      finish(NONE);
    });
    if (!edge || machine.line === "refused" || edge.down) {
      hit("refused");
      queue.after(REFUSED_AFTER_MS, () => finish(NONE));
      return;
    }
    if (machine.line === "black-hole") {
      hit("swallowed");
      return;
    }
    if (net.chance(lossPart)) {
      hit("request lost");
      return;
    }
    const body =
      planted === "keys-redrawn" && path === "/v1/answers"
        ? (request.body as string).replace(/("key":"[^"]*)[^"]"/g, `$1${turn % 10}"`)
        : request.body;
    const handle = () => edge.handle(path, request.etag, body, startMs + queue.nowMs(), request.token);
    if (machine.ambush) queue.after(net.between(0, 2 * wayMs), machine.ambush);
    machine.ambush = null;
    queue.after(way(), () => {
      if (edge.down) {
        queue.after(way(), () => finish(NONE));
        return;
      }
      const reply = handle();
      if (net.chance(lossPart)) hit("reply lost");
      else queue.after(way(), () => finish(reply));
      // A proxy that got no reply in time asks again.
      if (request.body === null || !faults || !net.chance(0.02)) return;
      hit("request delivered twice");
      queue.after(way(), () => {
        if (!edge.down) handle();
      });
    });
  }

  return { send };
}
