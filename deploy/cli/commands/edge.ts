/** `cuecast edge`: a region's node, until it is stopped. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { PROJECT_DIR } from "../../local/binaries.mjs";
import type { Command } from "../command.ts";
import { checkPortsDiffer, readFlags, type SettingTable } from "../settings.ts";

/** Each has the publication in memory; main alone has the disk. */
const WORKERS_MAX = 64;

const settings = {
  data: { kind: "text", unit: "dir", about: "where everything is kept", default: "data/edge" },
  central: { kind: "url", about: "central's address; needed to enrol, then kept" },
  enrol: {
    kind: "text",
    unit: "code",
    about: "one-time code of `cuecast enrol`; another one later enrols anew",
  },
  host: {
    kind: "text",
    unit: "address",
    about: "address for boxes; loopback until told",
    default: "127.0.0.1",
  },
  port: { kind: "number", about: "port for boxes", default: 8081, least: 0, most: 65535 },
  "admin-host": {
    kind: "text",
    unit: "address",
    about: "address of /status and /metrics",
    default: "127.0.0.1",
  },
  "admin-port": {
    kind: "number",
    about: "port of /status and /metrics",
    default: 8091,
    least: 0,
    most: 65535,
  },
  "public-url": {
    kind: "url",
    about: "how boxes reach this edge; goes into the region's line-up",
  },
  ca: {
    kind: "text",
    unit: "file",
    about: "authorities (PEM) to trust besides the usual, for every connection",
  },
  "tls-cert": { kind: "text", unit: "file", about: "serve boxes over TLS: certificate chain (PEM)" },
  "tls-key": { kind: "text", unit: "file", about: "its private key (PEM)" },
  "box-tokens": {
    kind: "text",
    about: "`off`, or `required`: boxes must show a token to answer",
    default: "off",
  },
  "posts-per-source": {
    kind: "number",
    unit: "a second",
    about: "answers and airings that one address may post, bursts of ten seconds' worth; 0: no limit",
    default: 0,
    least: 0,
    most: 100_000,
  },
  "trusted-proxies": {
    kind: "text",
    unit: "addresses",
    about:
      "proxies in front, addresses and ranges like 10.0.0.0/8: their X-Forwarded-For tells whose a post is, for --posts-per-source",
    default: "",
  },
  front: {
    kind: "text",
    unit: "dir",
    about: "where nginx in front finds what is current, to answer by itself",
  },
  workers: {
    kind: "text",
    unit: "number",
    about: "processes that answer boxes; `auto`: one per core",
    default: "1",
  },
  "sync-every-ms": {
    kind: "number",
    unit: "ms",
    about: "longest time between two syncs without a hint",
    default: 60_000,
    least: 1000,
    most: 86_400_000,
  },
  "sync-timeout-ms": {
    kind: "number",
    unit: "ms",
    about: "a sync that takes longer is killed",
    default: 60_000,
    least: 500,
    most: 3_600_000,
  },
} as const satisfies SettingTable;

export const edge: Command = {
  summary: "Run a region's edge node",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const boxTokens = values["box-tokens"];
    if (boxTokens !== "off" && boxTokens !== "required") {
      throw new CuecastError(`Cannot take --box-tokens ${boxTokens}: it is off or required`, {
        code: "usage",
        status: 400,
      });
    }
    const workers =
      values.workers === "auto" ? Math.min(availableParallelism(), WORKERS_MAX) : Number(values.workers);
    if (!Number.isInteger(workers) || workers < 1 || workers > WORKERS_MAX) {
      throw new CuecastError(
        `Cannot take --workers ${values.workers}: it is a number from 1 to ${WORKERS_MAX}, or auto`,
        { code: "usage", status: 400 },
      );
    }
    checkPortsDiffer({ port: values.port, "admin-port": values["admin-port"] });
    // Only now: its native library wants permissions that help does not have.
    const { runEdge } = await import("../../../edge/headend/main.ts");
    await runEdge({
      dataDir: values.data,
      centralUrl: values.central,
      enrolCode: values.enrol,
      host: values.host,
      port: values.port,
      adminHost: values["admin-host"],
      adminPort: values["admin-port"],
      publicUrl: values["public-url"],
      boxTokens,
      postsPerSourcePerSecond: values["posts-per-source"],
      trustedProxies: values["trusted-proxies"],
      caFile: values.ca,
      tlsCertFile: values["tls-cert"],
      tlsKeyFile: values["tls-key"],
      syncEveryMs: values["sync-every-ms"],
      syncTimeoutMs: values["sync-timeout-ms"],
      frontDir: values.front,
      distDir: join(PROJECT_DIR, "dist"),
      workers,
    });
    return undefined;
  },
};
