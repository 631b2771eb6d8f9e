/**
 * A fleet on one machine, in three parts (`fleet/publish`, `fleet/idle`, `fleet/thousand`): how soon twenty edges serve what was published or no longer what was withdrawn, and what an
 * edge that does nothing costs central and its libSQL server.
 *
 * When an edge serves is read from its log, whose clock is ours: asking twenty edges all the time would cost what is
 * measured. A thousand edges are long polls alone, held by this process, each with an enrolment of its own: central
 * cannot tell them from edges until it publishes. What their syncs would cost is worked out from the twenty.
 */
import { createCentralClient } from "../../edge/headend/platform/central-client.ts";
import { fill, placement } from "../rehearsal/content.ts";
import { createRig, type EdgeRig, type Rig, until } from "../rehearsal/rig.ts";
import { type Bench, quantile } from "./figures.ts";
import { processorTimeMs } from "./processor-time.ts";

const EDGES = 20;
const POLLS = 1000;
/** Some polls at a time, so that enrolling a thousand does not time out. */
const ENROLLING = 20;
/** Edges that are started at a time. */
const STARTING = 4;
/** Publications and withdrawals; each edge is one sample of each. */
const ROUNDS = 10;
/**
 * How long it is looked at what idling costs, in the seconds that a load lasts. Cues stand ready and nothing else happens.
 * At 5 s four long polls and two syncs of each edge fall into it; less is a fair sample, for they do not march in step.
 */
const IDLE_LOADS = 20;

interface Position {
  epoch: number;
  revision: number;
  hash: string;
}

/** When an edge logged that it serves this publication, ms since the epoch. */
function promotedAtMs({ lines }: EdgeRig, { epoch, revision }: Position): number | undefined {
  for (const line of lines) {
    if (!line.includes("publication-promoted")) continue;
    const entry = JSON.parse(line) as Position & { at: string };
    if (entry.epoch === epoch && entry.revision === revision) return Date.parse(entry.at);
  }
  return undefined;
}

/** How long after `fromMs` each edge served it. */
async function landings(edges: readonly EdgeRig[], position: Position, fromMs: number): Promise<number[]> {
  return Promise.all(
    edges.map(
      async (edge) =>
        (await until(`${edge.name} to promote ${position.revision}`, () => promotedAtMs(edge, position))) -
        fromMs,
    ),
  );
}

async function publishing({ note }: Bench, rig: Rig, edges: readonly EdgeRig[]): Promise<void> {
  const published: number[] = [];
  const withdrawn: number[] = [];
  const spent = async (parts: readonly { pid?: number | undefined }[]) =>
    (await Promise.all(parts.map(({ pid }) => processorTimeMs(pid ?? 0)))).reduce((sum, ms) => sum + ms, 0);
  const parts = edges.map(({ part }) => part);
  const [edgesMs, centralMs] = [await spent(parts), await spent([rig.central])];
  for (let round = 0; round < ROUNDS; round++) {
    const when = { kind: "instant", atMs: Date.now() + 7_200_000 } as const;
    await rig.api.send("PUT", `/api/v1/placements/round-${round}`, placement(`round-${round}`, { when }));
    const publishedMs = Date.now();
    published.push(...(await landings(edges, await rig.publish(), publishedMs)));
    const withdrawnMs = Date.now();
    const reply = await rig.api.send("POST", "/api/v1/withdraw", { placement: `round-${round}` });
    withdrawn.push(...(await landings(edges, (reply as { position: Position }).position, withdrawnMs)));
  }
  const turns = 2 * ROUNDS;
  note(
    "processor time for each: an edge and its replica process",
    ((await spent(parts)) - edgesMs) / edges.length / turns,
    "ms",
    `so all ${edges.length} ${Math.round(((await spent(parts)) - edgesMs) / turns)} ms, central and sqld ${Math.round(((await spent([rig.central])) - centralMs) / turns)} ms, on these cores`,
  );
  const say = (what: string, times: readonly number[]) =>
    note(
      `${what} on ${edges.length} edges: p99`,
      quantile(times, 0.99),
      "ms",
      `p50 ${quantile(times, 0.5)} ms, worst ${Math.max(...times)} ms of ${times.length}, from the request on`,
    );
  say("publish to served", published);
  say("withdraw to off the air", withdrawn);
}

/** Processor time of central and its libSQL server while nothing happens, ms a second. */
async function idleCost(rig: Rig, forMs: number): Promise<number> {
  const pid = rig.central.pid ?? Number.NaN;
  // What was just done shall have ended.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const before = await processorTimeMs(pid);
  const fromMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return ((await processorTimeMs(pid)) - before) / ((performance.now() - fromMs) / 1000);
}

type Waiting = ReturnType<typeof createCentralClient>;

async function enrolPolls(rig: Rig): Promise<Waiting[]> {
  const clients: Waiting[] = [];
  const enrolOne = async (n: number) => {
    const { code } = (await rig.api.send("POST", "/api/v1/edges/codes", { region: "north" })) as {
      code: string;
    };
    const url = `http://127.0.0.1:${20_000 + n}`;
    const { uplinkToken } = await createCentralClient({ url: rig.centralUrl }).enrol({
      code,
      url,
      software: "0.1.0",
    });
    clients.push(createCentralClient({ url: rig.centralUrl, uplinkToken }));
  };
  for (let n = 0; n < POLLS; n += ENROLLING)
    await Promise.all(Array.from({ length: ENROLLING }, (_, index) => enrolOne(n + index)));
  return clients;
}

/** As an edge does it: one after the other, each telling how it is. */
function poll(client: Waiting, first: Position, onHint: (position: Position) => void, signal: AbortSignal) {
  const listen = async () => {
    let known = first;
    while (!signal.aborted) {
      const report = { serves: known, software: "0.1.0", outbox: { waiting: 0 }, timeMs: Date.now() };
      const { air } = await client.hint({ known, waitMs: 25_000, report }, signal);
      if (!air || air.hash === known.hash) continue;
      known = air;
      onHint(air);
    }
  };
  return listen().catch((error) => {
    if (!signal.aborted) throw error;
  });
}

async function thousand({ note, seconds }: Bench, rig: Rig): Promise<void> {
  const quietMs = await idleCost(rig, 2 * seconds * 1000);
  const clients = await enrolPolls(rig);
  const first = await rig.publish({});
  const end = new AbortController();
  const heard: number[] = [];
  let fromMs = Number.POSITIVE_INFINITY;
  const listening = clients.map((client) =>
    poll(client, first, () => heard.push(Date.now() - fromMs), end.signal),
  );
  const cost = await idleCost(rig, IDLE_LOADS * seconds * 1000);
  note(
    `${POLLS} long polls: central and sqld`,
    cost - quietMs,
    "ms/s",
    "of processor time, more than without",
  );
  const when = { kind: "instant", atMs: Date.now() + 7_200_000 } as const;
  await rig.api.send("PUT", "/api/v1/placements/thousand", placement("thousand", { when }));
  const pid = rig.central.pid ?? Number.NaN;
  const before = await processorTimeMs(pid);
  fromMs = Date.now();
  await rig.publish();
  await until(`${POLLS} hints`, () => heard.length >= POLLS);
  note(
    `publish to the last of ${POLLS} hints`,
    Math.max(...heard),
    "ms",
    `p50 ${quantile(heard, 0.5)} ms; central spent ${Math.round((await processorTimeMs(pid)) - before)} ms, and this process held all ends`,
  );
  end.abort();
  await Promise.all(listening);
}

async function idling({ note, seconds }: Bench, rig: Rig, aloneMs: number): Promise<void> {
  const withEdgesMs = await idleCost(rig, IDLE_LOADS * seconds * 1000);
  const eachMs = (withEdgesMs - aloneMs) / EDGES;
  note(
    "an idle edge costs central and sqld",
    eachMs,
    "ms/s",
    `of processor time; ${EDGES} edges over ${IDLE_LOADS * seconds} s, ${aloneMs.toFixed(1)} ms/s without any`,
  );
  note(
    "so a thousand idle edges cost, with their syncs",
    eachMs * 1000,
    "ms/s",
    "a thousand times one of them",
  );
}

async function startEdges(rig: Rig): Promise<EdgeRig[]> {
  const edges: EdgeRig[] = [];
  for (let n = 0; n < EDGES; n += STARTING) {
    const some = Array.from({ length: STARTING }, (_, index) =>
      rig.addEdge(`edge-${n + index}`, index % 2 === 0 ? "north" : "south"),
    );
    edges.push(...(await Promise.all(some)));
  }
  const cron = { kind: "cron", rule: "0 * * * *", zone: "Asia/Shanghai" } as const;
  await rig.api.send("PUT", "/api/v1/placements/hourly", placement("hourly", { when: cron }));
  const fromMs = Date.now();
  await landings(edges, await rig.publish(), fromMs);
  return edges;
}

export async function fleet(bench: Bench): Promise<void> {
  const rig = await createRig({ isDirect: true });
  try {
    await fill(rig, Date.now());
    if (bench.wants("publish") || bench.wants("idle")) {
      const aloneMs = bench.wants("idle") ? await idleCost(rig, 2 * bench.seconds * 1000) : 0;
      const edges = await startEdges(rig);
      if (bench.wants("publish")) await publishing(bench, rig, edges);
      if (bench.wants("idle")) await idling(bench, rig, aloneMs);
      await Promise.all(edges.map(({ part }) => part.stop()));
    }
    if (bench.wants("thousand")) await thousand(bench, rig);
  } finally {
    await rig.stop();
  }
}
