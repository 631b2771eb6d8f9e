/** `cuecast central`: the authoring server, until it is stopped. */
import { join } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { createJsonLog } from "../../../shared/runtime/log.ts";
import { BINARIES, PROJECT_DIR } from "../../local/binaries.mjs";
import { runtimeCommand } from "../../local/hand-over.mjs";
import type { Command } from "../command.ts";
import { permissionFlags } from "../permissions.mjs";
import { checkPortsDiffer, readFlags, type SettingTable } from "../settings.ts";

const settings = {
  data: { kind: "text", unit: "dir", about: "where everything is kept", default: "data/central" },
  host: {
    kind: "text",
    unit: "address",
    about: "address to listen on; loopback until TLS stands in front",
    default: "127.0.0.1",
  },
  port: {
    kind: "number",
    about: "port of the API, the uplink and the web page",
    default: 8080,
    least: 0,
    most: 65535,
  },
  "air-port": {
    kind: "number",
    about: "port of the libSQL server that edges sync from",
    default: 8083,
    least: 0,
    most: 65535,
  },
  "air-admin-port": {
    kind: "number",
    about: "the libSQL server's admin port, on loopback",
    default: 8084,
    least: 0,
    most: 65535,
  },
  "air-url": {
    kind: "url",
    about: "a libSQL server that stands elsewhere, instead of a child",
  },
  ca: {
    kind: "text",
    unit: "file",
    about: "authorities (PEM) to trust besides the usual, for --air-url, guide sources, webhooks, sign-in",
  },
  "tls-cert": { kind: "text", unit: "file", about: "serve over TLS, air too: certificate chain (PEM)" },
  "tls-key": { kind: "text", unit: "file", about: "its private key (PEM)" },
  "oidc-issuer": { kind: "url", about: "let people sign in at this OpenID Connect provider too" },
  "oidc-client-id": { kind: "text", about: "central's name at that provider" },
  "oidc-client-secret-file": { kind: "text", unit: "file", about: "the file with central's secret there" },
  "oidc-role-claim": {
    kind: "text",
    unit: "claim",
    about: "the claim of the ID token that names a person's groups",
    default: "groups",
  },
  "oidc-roles": {
    kind: "text",
    unit: "map",
    about: "GROUP=ROLE,…: which role each group has here; who has none is not let in",
    default: "",
  },
  "backup-dir": {
    kind: "text",
    unit: "dir",
    about: "back up into this directory by itself; best on another disk",
  },
  "backup-every-hours": {
    kind: "number",
    unit: "hours",
    about: "how often; edges keep what central took for a day, so twice a day loses no answer with a disk",
    default: 12,
    least: 1,
    most: 720,
  },
  "backup-keep": {
    kind: "number",
    about: "how many of them are kept; a mistake found within a week can be gone back from",
    default: 14,
    least: 1,
    most: 1000,
  },
  "public-url": {
    kind: "url",
    about: "central's address as browsers see it; https makes cookies Secure",
  },
  "trusted-proxies": {
    kind: "text",
    unit: "addresses",
    about:
      "proxies in front, addresses and ranges like 10.0.0.0/8: their X-Forwarded-For tells the audit and the sign-in who asks",
    default: "",
  },
  "air-public-url": {
    kind: "url",
    about: "how edges reach the libSQL server, when not as central does; {region} stands for theirs",
  },
} as const satisfies SettingTable;

function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new CuecastError(`Cannot sign people in by OpenID Connect without --${name}`, {
    code: "usage",
    status: 400,
  });
}

/** `cuecast backup` as a process beside central, with the permissions of that command. */
const backupProgram = (data: string, runtime: string | undefined) => (path: string) => {
  const flags = ["--data", data, path];
  return runtimeCommand({
    runtime: runtime === "node" ? "node" : "deno",
    file: join(PROJECT_DIR, "deploy/cli/main.ts"),
    args: ["backup", ...flags],
    // Central's data is there, and what lies above it is not for central to look at: Deno refuses.
    permissions: permissionFlags("backup", flags, {}, process.cwd(), () => true),
  });
};

export const central: Command = {
  summary: "Run the authoring server",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const air = { "air-port": values["air-port"], "air-admin-port": values["air-admin-port"] };
    checkPortsDiffer({ port: values.port, ...(values["air-url"] === undefined && air) });
    // Only now: its native library wants permissions that help does not have.
    const { runCentral } = await import("../../../central/main.ts");
    await runCentral(
      {
        dataDir: values.data,
        host: values.host,
        port: values.port,
        airPort: values["air-port"],
        airAdminPort: values["air-admin-port"],
        publicUrl: values["public-url"],
        trustedProxies: values["trusted-proxies"],
        airUrl: values["air-url"],
        airPublicUrl: values["air-public-url"],
        tlsCertFile: values["tls-cert"],
        tlsKeyFile: values["tls-key"],
        sqldPath: BINARIES.sqld,
        oidc:
          values["oidc-issuer"] === undefined
            ? undefined
            : {
                issuer: values["oidc-issuer"],
                clientId: needed("oidc-client-id", values["oidc-client-id"]),
                clientSecretFile: needed("oidc-client-secret-file", values["oidc-client-secret-file"]),
                roleClaim: values["oidc-role-claim"],
                roles: values["oidc-roles"],
              },
        backups:
          values["backup-dir"] === undefined
            ? undefined
            : {
                folder: values["backup-dir"],
                everyHours: values["backup-every-hours"],
                keep: values["backup-keep"],
                program: backupProgram(values.data, environment.CUECAST_RUNTIME),
              },
      },
      { log: createJsonLog("central") },
    );
    return undefined;
  },
};
