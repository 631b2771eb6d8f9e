/**
 * Central's intake: twenty edges' outboxes, each one batch of 1,000 answers at a time, to a real central process.
 * Checks at the end that what central counted is exactly what was sent; then, how long a single answer takes from a
 * box's request at a real edge until `results` tells it. CUECAST_BENCH_BATCHES: of each edge, 15 unless told.
 */
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import process from "node:process";
import type { BatchReply, BatchRequest } from "../../shared/uplink/batch.ts";
import { UPLINK_ANSWERS_MAX } from "../../shared/uplink/batch.ts";
import { fill, placement } from "../rehearsal/content.ts";
import { countedAt, createRig, landed, type Rig, until } from "../rehearsal/rig.ts";
import { type Bench, quantile } from "./figures.ts";
import { processorTimeMs, residentBytes, threadTimesMs } from "./processor-time.ts";

const EDGES = 20;
const BATCHES = Number(process.env.CUECAST_BENCH_BATCHES ?? 15);
/** Every so many batches one is sent twice, as after a reply that got lost. */
const REPEAT_EVERY = 10;
const PLACEMENTS = ["intake-0", "intake-1", "intake-2"];
const SINGLES = 20;
const THREADS_TOLD = 4;

interface Sender {
  token: string;
  outbox: string;
  /** Made before the measurement: the sender shall cost little. */
  bodies: Buffer[];
}

async function enrol({ api, centralUrl }: Rig): Promise<string> {
  const { code } = (await api.send("POST", "/api/v1/edges/codes", { region: "north" })) as { code: string };
  const reply = await fetch(`${centralUrl}/uplink/v1/enrol`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, software: "bench" }),
  });
  if (!reply.ok) throw new Error(`Cannot measure: an edge was not enrolled: ${reply.status}`);
  return ((await reply.json()) as { uplinkToken: string }).uplinkToken;
}

/** @returns how often each option was chosen, by cue */
function fillBodies(senders: readonly Sender[], nowMs: number): Map<string, Record<string, number>> {
  const sent = new Map<string, Record<string, number>>();
  for (const [edge, sender] of senders.entries()) {
    for (let batch = 0; batch < BATCHES; batch++) {
      const answers = Array.from({ length: UPLINK_ANSWERS_MAX }, (_, index) => {
        const cue = `${PLACEMENTS[(index + edge) % PLACEMENTS.length]}:once`;
        const option = index % 3 === 0 ? "b" : "a";
        const counts = sent.get(cue) ?? {};
        sent.set(cue, counts);
        counts[option] = (counts[option] ?? 0) + 1;
        return {
          number: batch * UPLINK_ANSWERS_MAX + index + 1,
          box: randomUUID(),
          key: randomUUID(),
          ...{ cue, interaction: "poll", version: 1, options: [option] },
          ...{ answeredAtMs: nowMs + index, dueMs: nowMs, receivedAtMs: nowMs + index + 40 },
        };
      });
      const body: BatchRequest = { outbox: sender.outbox, answers, airings: [], tallies: [] };
      sender.bodies.push(Buffer.from(JSON.stringify(body)));
    }
  }
  return sent;
}

function post(url: URL, agent: Agent, token: string, body: Buffer): Promise<BatchReply> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": String(body.byteLength),
      authorization: `Bearer ${token}`,
    };
    const asked = request(url, { method: "POST", agent, headers }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      reply.once("error", reject).once("end", () => {
        if (reply.statusCode === 200) resolve(JSON.parse(text) as BatchReply);
        else reject(new Error(`Cannot measure: central answered ${reply.statusCode} ${text.slice(0, 200)}`));
      });
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

type Threads = Awaited<ReturnType<typeof threadTimesMs>>;

/** The threads that worked, the busiest first: central's own, that of results, and the runtime's. */
function busiest(before: Threads, after: Threads): { name: string; ms: number }[] {
  return [...after]
    .map(([id, { name, ms }]) => ({ name: `${name} ${id}`, ms: ms - (before.get(id)?.ms ?? 0) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, THREADS_TOLD);
}

async function sendAll(rig: Rig, senders: readonly Sender[]): Promise<{ tookMs: number[]; answers: number }> {
  const url = new URL("/uplink/v1/batch", rig.centralUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: EDGES });
  const tookMs: number[] = [];
  let answers = 0;
  await Promise.all(
    senders.map(async ({ token, bodies }) => {
      for (const [index, body] of bodies.entries()) {
        for (let turn = 0; turn < (index % REPEAT_EVERY === 0 ? 2 : 1); turn++) {
          const from = performance.now();
          const { taken } = await post(url, agent, token, body);
          tookMs.push(performance.now() - from);
          const until = (index + 1) * UPLINK_ANSWERS_MAX;
          if (taken !== until) throw new Error(`Cannot trust the figure: taken ${taken}, not ${until}`);
          answers += UPLINK_ANSWERS_MAX;
        }
      }
    }),
  );
  agent.destroy();
  return { tookMs, answers };
}

/** Placements that have just fired, published: a cue takes answers for a minute. */
async function place(rig: Rig, ids: readonly string[], atMs: number) {
  for (const id of ids) {
    const when = { kind: "instant", atMs } as const;
    await rig.api.send("PUT", `/api/v1/placements/${id}`, placement(id, { when }));
  }
  return await rig.publish();
}

async function singleAnswers({ note }: Bench, rig: Rig): Promise<void> {
  const edge = await rig.addEdge("intake-edge", "north");
  await landed(edge, await place(rig, ["single"], Date.now() - 1_000));
  const tookMs: number[] = [];
  for (let turn = 1; turn <= SINGLES; turn++) {
    const from = performance.now();
    const answer = { cue: "single:once", interaction: "poll", version: 1, options: ["a"] };
    const reply = await fetch(`${edge.url}/v1/answers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        box: randomUUID(),
        answers: [{ ...answer, key: randomUUID(), answeredAtMs: Date.now() }],
      }),
    });
    if (!reply.ok) throw new Error(`Cannot measure: the edge answered ${reply.status}`);
    await until("the answer in results", async () => (await countedAt(rig, "single:once")).total === turn);
    tookMs.push(performance.now() - from);
  }
  const [median, worst] = [quantile(tookMs, 0.5), Math.max(...tookMs)];
  note(
    "one answer at an edge until results tell it",
    median,
    "ms",
    `worst of ${SINGLES}: ${Math.round(worst)} ms, asked every 50 ms`,
  );
}

export async function intake(bench: Bench): Promise<void> {
  process.env.CUECAST_REHEARSE_RUNTIME = bench.runtime;
  const rig = await createRig();
  try {
    await fill(rig, Date.now());
    const senders: Sender[] = [];
    for (let edge = 0; edge < EDGES; edge++) {
      senders.push({ token: await enrol(rig), outbox: randomUUID(), bodies: [] });
    }
    const nowMs = Date.now();
    await place(rig, PLACEMENTS, nowMs);
    const sent = fillBodies(senders, nowMs);
    const pid = rig.central.pid ?? 0;
    const threadsBefore = await threadTimesMs(pid);
    const [cpuBefore, ownBefore, from] = [await processorTimeMs(pid), process.cpuUsage(), performance.now()];
    const { tookMs, answers } = await sendAll(rig, senders);
    const seconds = (performance.now() - from) / 1000;
    const own = process.cpuUsage(ownBefore);
    const cpu = (await processorTimeMs(pid)) - cpuBefore;
    const threads = busiest(threadsBefore, await threadTimesMs(pid));
    for (const [cue, options] of sent) {
      const counted = await countedAt(rig, cue);
      for (const option of ["a", "b"]) {
        if (counted.options[option] === options[option]) continue;
        throw new Error(
          `Cannot trust the figure: ${cue} ${option}: ${counted.options[option]}, not ${options[option]}`,
        );
      }
    }
    const { note } = bench;
    const fresh = EDGES * BATCHES * UPLINK_ANSWERS_MAX;
    note(
      "answers taken in",
      answers / seconds,
      "/s",
      `${EDGES} edges, batches of ${UPLINK_ANSWERS_MAX}; ${fresh} counted, exactly; ${answers - fresh} came twice`,
    );
    const each = (ms: number) => `${((ms * 1000) / answers).toFixed(1)} µs`;
    note(
      "central's processor time per answer",
      (cpu * 1000) / answers,
      "µs",
      `both cores of two, if they had nothing else to do: ${Math.round((2000 * answers) / cpu)}/s`,
    );
    for (const { name, ms } of threads) note(`  of it, thread ${name}`, (ms * 1000) / answers, "µs");
    note(
      "the senders' processor time per answer, on the same cores",
      (own.user + own.system) / answers,
      "µs",
      `with central's ${each(cpu + (own.user + own.system) / 1000)}`,
    );
    note("a batch, p99", quantile(tookMs, 0.99), "ms", `median ${Math.round(quantile(tookMs, 0.5))} ms`);
    note("central's memory afterwards", (await residentBytes(pid)) / 1e6, "MB");
    await singleAnswers(bench, rig);
  } finally {
    await rig.stop();
  }
}
