/**
 * A fleet on one machine: how soon twenty edges serve what was published or no longer what was withdrawn, and what an
 * edge that does nothing costs central and its libSQL server.
 *
 * When an edge serves is read from its log, whose clock is ours: asking twenty edges all the time would cost what is
 * measured. A thousand edges are long polls alone, held by this process, each with an enrolment of its own: central
 * cannot tell them from edges until it publishes. What their syncs would cost is worked out from the twenty.
 */
import { createCentralClient } from "../../edge/headend/platform/central-client.ts";
import { createRig, type EdgeRig, fill, placement, type Rig, until } from "../rehearsal/rig.ts";
import { type Bench, quantile } from "./figures.ts";
import { processorTimeMs } from "./processor-time.ts";

const EDGES = 20;
const POLLS = 1000;
/** Some polls at a time, so that enrolling a thousand does not time out. */
const ENROLLING = 20;
const ROUNDS = 20;
/** Cues stand ready and nothing else happens; four long polls and two syncs of each edge fall into it. */
const IDLE_MS = 100_000;

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
  for (let round = 0; round < ROUNDS; round++) {
    const when = { kind: "instant", atMs: Date.now() + 7_200_000 } as const;
    await rig.api.send("PUT", `/api/v1/placements/round-${round}`, placement(`round-${round}`, { when }));
    const publishedMs = Date.now();
    published.push(...(await landings(edges, await rig.publish(), publishedMs)));
    const withdrawnMs = Date.now();
    const reply = await rig.api.send("POST", "/api/v1/withdraw", { placement: `round-${round}` });
    withdrawn.push(...(await landings(edges, (reply as { position: Position }).position, withdrawnMs)));
  }
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
async function idleCost(rig: Rig): Promise<number> {
  const pid = rig.central.pid ?? Number.NaN;
  // What was just done shall have ended.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const before = await processorTimeMs(pid);
  const fromMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
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

async function thousand({ note }: Bench, rig: Rig, quietMs: number, idleMsPerEdge: number): Promise<void> {
  const clients = await enrolPolls(rig);
  const first = await rig.publish({});
  const end = new AbortController();
  const heard: number[] = [];
  let fromMs = Number.POSITIVE_INFINITY;
  const listening = clients.map((client) =>
    poll(client, first, () => heard.push(Date.now() - fromMs), end.signal),
  );
  const cost = await idleCost(rig);
  note(
    `${POLLS} long polls more: central and sqld`,
    cost - quietMs,
    "ms/s",
    "of processor time; with twenty edges beside them, whose cost is taken off",
  );
  note(
    "so a thousand idle edges cost, with their syncs",
    idleMsPerEdge * 1000,
    "ms/s",
    "a thousand times one of the twenty",
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

export async function fleet(bench: Bench): Promise<void> {
  const rig = await createRig();
  try {
    await fill(rig, Date.now());
    const aloneMs = await idleCost(rig);
    const edges: EdgeRig[] = [];
    for (let n = 0; n < EDGES; n++) {
      edges.push(await rig.addEdge(`edge-${n}`, n % 2 === 0 ? "north" : "south"));
    }
    const cron = { kind: "cron", rule: "0 * * * *", zone: "Asia/Shanghai" } as const;
    await rig.api.send("PUT", "/api/v1/placements/hourly", placement("hourly", { when: cron }));
    const fromMs = Date.now();
    await landings(edges, await rig.publish(), fromMs);
    await publishing(bench, rig, edges);
    const withEdgesMs = await idleCost(rig);
    const eachMs = (withEdgesMs - aloneMs) / EDGES;
    bench.note(
      "an idle edge costs central and sqld",
      eachMs,
      "ms/s",
      `of processor time; ${EDGES} edges over ${IDLE_MS / 1000} s, ${aloneMs.toFixed(1)} ms/s without any`,
    );
    await thousand(bench, rig, withEdgesMs, eachMs);
  } finally {
    await rig.stop();
  }
}
