/**
 * What the processes beside the main one may do on Deno: what each reads and writes, and whom it talks to, by name. Node
 * runs the same programs without limits.
 *
 * What cannot be limited further: libSQL's native code opens its files and its connections by itself, past these checks;
 * a proxy (`HTTPS_PROXY`) and the lookup of names are the runtime's own and need no permission.
 */
import { isIP } from "node:net";
import { join } from "node:path";

/** Deno splits at commas; one within a path is written twice. */
const list = (paths: readonly string[]) => paths.map((path) => path.replaceAll(",", ",,")).join(",");

const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** `host:port` as Deno takes it; the host alone where any port may come. @returns undefined for what it would not take */
function place(host: string, port: number): string | undefined {
  if (isIP(host) !== 4 && isIP(host) !== 6 && !NAME.test(host)) return undefined;
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return port === 0 ? name : `${name}:${port}`;
}

const net = (at: string | undefined) => (at === undefined ? "--allow-net" : `--allow-net=${at}`);

interface Limits {
  reads: readonly string[];
  writes: readonly string[];
  net: string;
  sys?: readonly string[];
}

/** Both run this project's code, and libSQL's native library. */
function flags(projectDir: string, { reads, writes, net: allowNet, sys = [] }: Limits): string[] {
  const code = ["edge", "shared", "node_modules", "package.json"].map((name) => join(projectDir, name));
  return [
    ...["run", "--quiet", "--no-check", "--no-prompt", "--no-remote", "--no-lock", "--cached-only"],
    `--allow-read=${list([...code, ...reads])}`,
    ...(writes.length > 0 ? [`--allow-write=${list(writes)}`] : []),
    allowNet,
    `--allow-ffi=${list([join(projectDir, "node_modules/@libsql")])}`,
    // The native library's loader reads Node's diagnostic report to tell glibc from musl.
    `--allow-sys=${list(["cpus", "networkInterfaces", "hostname", ...sys])}`,
    "--allow-env=CUECAST_*,TZ,LANG,NO_COLOR,LIBSQL_JS_DEV,DENO_NO_UPDATE_CHECK",
  ];
}

/**
 * @param of `folders`: absolute, the replica's and the candidate's; it touches no other. `airUrl`: whom it asks
 */
export function replicaFlags(
  projectDir: string,
  of: { folders: readonly string[]; airUrl: string },
): string[] {
  const { protocol, hostname, port } = new URL(of.airUrl);
  const usual = protocol === "https:" ? 443 : 80;
  return flags(projectDir, {
    ...{ reads: of.folders, writes: of.folders },
    net: net(place(hostname.replace(/^\[|\]$/g, ""), Number(port) || usual)),
    sys: ["getPriority", "setPriority"],
  });
}

/**
 * @param of `folders`: absolute, the publications and what it serves as files; it writes nothing. `host`, `port`: where
 * it listens
 */
export function workerFlags(
  projectDir: string,
  of: { folders: readonly string[]; host: string; port: number },
): string[] {
  const limits = { reads: of.folders, writes: [], net: net(place(of.host, of.port)) };
  // Deno calls ports that several processes share unstable.
  return [...flags(projectDir, limits), "--unstable-net"];
}
