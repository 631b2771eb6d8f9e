/** The shipped configuration, run for tests and benchmarks: its ports, certificate and folders are replaced. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../../shared/runtime/ports.ts";
import { until } from "../rehearsal/rig.ts";

export interface Nginx {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Where Debian puts modules; with it a 304 for what is current is nginx's own. */
const HEADERS_MORE = "/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so";

/** Whether nginx can say 304 by itself; without its module the shipped configuration is used without. */
export const hasHeadersMore = () => existsSync(HEADERS_MORE);

export function hasNginx(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A configuration for a whole nginx, in one process group, with all its files in `dir`. */
export const wholeConfig = (dir: string, http: string) => {
  // Started by root its workers would be somebody who may not look into a temporary directory.
  const { uid, username } = userInfo();
  return `${hasHeadersMore() ? `load_module ${HEADERS_MORE};` : ""} ${uid === 0 ? `user ${username};` : ""}
daemon off; worker_processes 1; worker_rlimit_nofile 65536; pcre_jit on; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
events { worker_connections 16384; }
http {
  client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2; fastcgi_temp_path ${dir}/t3;
  uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
${http}
}
`;
};

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

/** @throws when nginx ends before it serves */
export async function runNginx(dir: string, config: string, url: string): Promise<Nginx> {
  await writeFile(join(dir, "nginx.conf"), config);
  const child = spawn("nginx", ["-c", join(dir, "nginx.conf"), "-p", dir, "-e", join(dir, "error.log")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<never>((_, reject) =>
    child.once("exit", () => reject(new Error("Cannot go on: nginx has ended"))),
  );
  ended.catch(() => {});
  await Promise.race([ended, until("nginx to serve", () => listens(Number(new URL(url).port)))]);
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await ended.catch(() => {});
    },
  };
}

export interface ShippedSettings {
  /** The edge's, where it keeps what is current. */
  frontDir?: string;
  /** Of its text, beside ports, certificate and folders. */
  changes?: readonly (readonly [from: string, to: string])[];
}

/**
 * The shipped configuration in front of an edge.
 *
 * @param edgePort where the edge listens on loopback
 * @param tls `off` to measure beside peers without it
 */
export async function startShippedNginx(
  dir: string,
  edgePort: number,
  tls: { cert: string; key: string } | "off",
  settings: ShippedSettings = {},
): Promise<Nginx> {
  const { changes = [], frontDir = join(dir, "no-front") } = settings;
  const port = await freePort();
  await mkdir(dir, { recursive: true });
  const shipped = await readFile(join(import.meta.dirname, "cuecast-edge.conf"), "utf8");
  const replaced = [
    ["listen 443 ssl http2;", `listen 127.0.0.1:${port}${tls === "off" ? "" : " ssl http2"};`],
    ["/run/cuecast-cache", join(dir, "cache")],
    ["/run/cuecast-edge", frontDir],
    ["/etc/nginx/cuecast/*.conf", hasHeadersMore() ? join(import.meta.dirname, "cuecast-304.conf") : "none*"],
    ["server 127.0.0.1:8081;", `server 127.0.0.1:${edgePort};`],
    ["/etc/cuecast/tls/cert.pem", tls === "off" ? "" : tls.cert],
    ["/etc/cuecast/tls/key.pem", tls === "off" ? "" : tls.key],
    ...changes,
  ] as const;
  let config: string = shipped;
  for (const [from, to] of replaced) {
    if (!config.includes(from)) throw new Error(`Cannot use the configuration: it has no ${from}`);
    config = config.replaceAll(from, to);
  }
  if (tls === "off") config = config.replace(/^ *ssl_.*$/gm, "");
  return runNginx(dir, wholeConfig(dir, config), `http${tls === "off" ? "" : "s"}://127.0.0.1:${port}`);
}
