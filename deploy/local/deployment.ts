/**
 * The local deployment behind `npm start`: a real sqld, central, two edges in two regions and a dozen boxes,
 * out of one data directory, with something to see within a minute. Starts, fills, tells what to open, and
 * stops; what the parts do is their own affair.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import { makeDataFolder } from "../../shared/runtime/data-folder.ts";
import { type Api, createApi } from "../cli/api.ts";
import { checkFile } from "../cli/readable-file.ts";
import { describeSettings, readFlags, type SettingTable } from "../cli/settings.ts";
import { fillDeployment, placeSamples } from "./fill.ts";
import { checkPorts, PORT_OFFSETS } from "./local-ports.ts";
import { createParts } from "./parts.ts";
import { onStopSignal } from "./signals.mjs";

const settings = {
  data: { kind: "text", unit: "dir", about: "where everything is kept", default: "data" },
  "port-base": {
    kind: "number",
    about: "N of the ports that are used: N to N + 4, N + 11 and N + 12",
    default: 8080,
    least: 1024,
    most: 65000,
  },
  guide: { kind: "text", unit: "file", about: "an XMLTV file to import instead of the sample guide" },
  boxes: { kind: "number", about: "headless boxes, half in each region", default: 12, least: 0, most: 1000 },
} as const satisfies SettingTable;

/** Taken by the launcher before; told here. */
const RUNTIME_FLAG = {
  runtime: { kind: "text", about: "what central, edges and boxes run on: deno or node", default: "deno" },
} as const satisfies SettingTable;

/** An edge reports as soon as it serves: 5 s. One that does not comes into the line-up with a later publication. */
const HEARD_TRIES = 50;
const HEARD_EVERY_MS = 100;
/** What the launcher before and the whole-system tests tell. */
const OWN_VARIABLES = /^CUECAST_(RUNTIME$|STDIN_IS_PARENT$|TEST_)/;
/** A publication reaches an edge in well under a second; more would be told, not waited for. */
const SERVES_WITHIN_MS = 10_000;
interface Place {
  epoch: number;
  revision: number;
}

const REGIONS = ["north", "south"] as const;
const say = (line = "") => process.stdout.write(`${line}\n`);

/** Waits until central knows that edges stand there: where boxes find them goes on air with everything else. */
async function heardOf(api: Api, urls: readonly string[]): Promise<void> {
  for (let tries = 0; tries < HEARD_TRIES; tries++) {
    const { edges } = (await api.get("/api/v1/edges")) as { edges: { url?: string }[] };
    if (urls.every((url) => edges.some((edge) => edge.url === url))) return;
    await new Promise((resolve) => setTimeout(resolve, HEARD_EVERY_MS));
  }
}

/** @returns the publication, or why none: only an operator may decide how to go on after a restore or a loss */
async function publish(api: Api): Promise<Place | string> {
  try {
    const reply = await api.send("POST", "/api/v1/publish", { comment: "npm start" });
    return (reply as { position: Place }).position;
  } catch (error) {
    if (error instanceof CuecastError && error.code === "history-conflict") return error.message;
    throw error;
  }
}

/** Waits until an edge serves a publication: who opens the television then finds something on it. */
async function serves(edgeUrl: string, { epoch, revision }: Place) {
  const endMs = performance.now() + SERVES_WITHIN_MS;
  while (performance.now() < endMs) {
    const ready = (await fetch(`${edgeUrl}/readyz`).then(
      (reply) => reply.json(),
      () => ({}),
    )) as { epoch?: number; revision?: number };
    if (ready.epoch === epoch && ready.revision === revision) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  say(`The edge at ${edgeUrl} does not serve publication ${epoch}/${revision} yet; its status page says why`);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    say(`Usage: npm start -- [FLAGS]\n\n${describeSettings({ ...settings, ...RUNTIME_FLAG })}`);
    process.exit(0);
  }
  // What was exported for `npx cuecast`, its data directory above all, is not meant for a whole deployment.
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("CUECAST_") && !OWN_VARIABLES.test(name)) delete process.env[name];
  }
  const values = readFlags(settings, args, {});
  const runtime = process.env.CUECAST_RUNTIME === "node" ? "node" : "deno";
  const data = resolve(values.data);
  const base = values["port-base"];
  const guide = values.guide === undefined ? undefined : resolve(values.guide);
  if (guide !== undefined) await checkFile(guide);
  await makeDataFolder(data);
  await checkPorts(base);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    say("Stopping: boxes, edges, central …");
    await parts.stop();
    say(`Stopped. Everything is kept in ${data}`);
    process.exit(process.exitCode ?? 0);
  };
  const parts = createParts({
    runtime,
    say,
    onLost() {
      process.exitCode = 1;
      void stop();
    },
  });
  onStopSignal({ stop: () => void stop(), insist: () => process.exit(1) });

  try {
    say(`Starting central on ${runtime === "deno" ? "Deno" : "Node 24"} …`);
    const centralUrl = `http://127.0.0.1:${base}`;
    const centralData = join(data, "central");
    await parts.start("central", () => [
      "central",
      "--data",
      centralData,
      "--port",
      String(base),
      "--air-port",
      String(base + PORT_OFFSETS["the libSQL server"]),
      "--air-admin-port",
      String(base + PORT_OFFSETS["the libSQL server's admin port"]),
      // Against mistakes; against a lost disk only a folder elsewhere helps.
      "--backup-dir",
      join(data, "backups"),
    ]);

    const token = (await readFile(join(centralData, "token"), "utf8")).trim();
    const api = createApi({ central: centralUrl, token, data: centralData, json: false });
    const startEdges = async () => {
      say("Starting the edges …");
      await Promise.all(
        REGIONS.map(async (region, index) => {
          const edgeData = join(data, `edge-${region}`);
          const url = `http://127.0.0.1:${base + 1 + index}`;
          const words = [
            "edge",
            "--data",
            edgeData,
            "--central",
            centralUrl,
            "--port",
            String(base + 1 + index),
            "--admin-port",
            String(base + 11 + index),
            "--public-url",
            url,
          ];
          const enrolled = () => existsSync(join(edgeData, "identity.json"));
          let enrol: string[] = [];
          if (!enrolled()) {
            const { code } = (await api.send("POST", "/api/v1/edges/codes", { region })) as { code: string };
            enrol = ["--enrol", code];
          }
          await parts.start(`edge ${region}`, () => (enrolled() ? words : [...words, ...enrol]));
        }),
      );
    };
    // Central publishes nothing, not even a guide, before it has heard what its edges serve.
    const enrolled = REGIONS.every((region) => existsSync(join(data, `edge-${region}`, "identity.json")));
    if (enrolled) await startEdges();
    const filled = await fillDeployment(api, { guide, regions: REGIONS, nowMs: Date.now(), say });
    const channel = filled.channels[0];
    if (!enrolled) await startEdges();

    say("Publishing …");
    const edges = REGIONS.map((_, index) => `http://127.0.0.1:${base + 1 + index}`);
    await heardOf(api, edges);
    const pollAtMs = await placeSamples(api, filled, Date.now());
    const published = await publish(api);
    const unpublished = typeof published === "string" ? published : undefined;
    if (typeof published !== "string") {
      await Promise.all(edges.map((edge) => serves(edge, published)));
    }

    if (values.boxes > 0) {
      say(`Starting ${values.boxes} boxes …`);
      for (const [index, region] of REGIONS.entries()) {
        const count = index === 0 ? Math.ceil(values.boxes / 2) : Math.floor(values.boxes / 2);
        if (count === 0) continue;
        parts.begin(`boxes ${region}`, () => [
          "box",
          "--edge",
          `http://127.0.0.1:${base + 1 + index}`,
          "--data",
          join(data, `boxes-${region}`),
          "--channel",
          channel,
          "--count",
          String(count),
          "--id",
          `box-${region}`,
          "--answer",
          "random",
        ]);
      }
    }

    const password = (await readFile(join(centralData, "password"), "utf8")).trim();
    say();
    say("Cuecast runs. Open:");
    const poll = pollAtMs > Date.now() ? "a poll appears" : "a poll appeared";
    say(
      `  Television   http://127.0.0.1:${base + 1}/tv/?channel=${channel}   (${poll} at ${new Date(pollAtMs).toLocaleTimeString()})`,
    );
    say(`  Editors      ${centralUrl}/   (sign in as "editor", password ${password})`);
    say(`  Edges        http://127.0.0.1:${base + 11}/status and http://127.0.0.1:${base + 12}/status`);
    if (unpublished !== undefined) {
      say(`But nothing new is on air: ${unpublished}`);
      say(`  npx cuecast publish --new-epoch --central ${centralUrl} --data ${centralData}`);
    }
    say("Ctrl-C stops everything.");
  } catch (error) {
    if (!stopping) {
      process.stderr.write(`${errorMessage(error)}\n`);
      process.exitCode = 1;
      await stop();
    }
  }
}

main().catch((error) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  const usage = error instanceof CuecastError && ["usage", "data-refused"].includes(error.code);
  process.exit(usage ? 2 : 1);
});
