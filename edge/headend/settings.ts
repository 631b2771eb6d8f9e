/** What an edge is started with; `deploy/cli` reads it from flags and the environment. */
export interface EdgeSettings {
  dataDir: string;
  host: string;
  port: number;
  adminHost: string;
  adminPort: number;
  /** Needed to enrol; later it replaces the address that was kept. */
  centralUrl?: string | undefined;
  /** One use; ignored when this edge has an identity. */
  enrolCode?: string | undefined;
  /** How boxes reach this edge; goes into the region's line-up. */
  publicUrl?: string | undefined;
  boxTokens: "off" | "required";
  /** Posts a second that one address may send; 0: no limit. */
  postsPerSourcePerSecond: number;
  /** Whose `X-Forwarded-For` is believed for that: addresses and ranges, with commas between. */
  trustedProxies: string;
  syncEveryMs: number;
  /** A sync that brings nothing for so long is killed. */
  syncTimeoutMs: number;
  /** PEM: authorities trusted besides the usual. The launcher has told the runtime; libSQL is told here. */
  caFile?: string | undefined;
  /** PEM; both or none. */
  tlsCertFile?: string | undefined;
  tlsKeyFile?: string | undefined;
  /** Where nginx in front finds what is current; absent: nothing is kept there. */
  frontDir?: string | undefined;
  /** The folder with `tv/` and `box/`. */
  distDir: string;
  /** Processes that answer boxes; with 1 this one does. */
  workers: number;
}
