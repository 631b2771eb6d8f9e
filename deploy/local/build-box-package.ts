/**
 * Builds the npm package of the box, `dist/box-package/`: ES modules with types for box makers, the ES5 script and
 * style that edges serve, and the page that tells how to begin. It depends on nothing.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { toJsonSchema } from "@valibot/to-json-schema";
import { build } from "esbuild";
import type * as v from "valibot";
import { airingSchema } from "../../shared/protocol/airings.ts";
import { answerSchema, receiptsSchema } from "../../shared/protocol/answers.ts";
import { answerRuleSchema, interactionSchema, textsSchema } from "../../shared/protocol/interaction.ts";
import { lineUpChannelSchema, lineUpSchema } from "../../shared/protocol/line-up.ts";
import { resultsSchema } from "../../shared/protocol/results.ts";
import {
  audienceSchema,
  cueSchema,
  scheduleProgrammeSchema,
  scheduleSchema,
} from "../../shared/protocol/schedule.ts";
import { BINARIES, PROJECT_DIR } from "./binaries.mjs";
import { buildBox, minifyStyle, styleInScript } from "./build-box.ts";
import { type JsonSchema, typeOf } from "./schema-types.ts";

/** What a box maker may import, by entry and by the module that it comes from; types with `type ` before them. */
const ENTRIES: Record<string, Record<string, string[]>> = {
  // On any machine: the runtime, with everything outside it passed in.
  index: {
    "edge/box/driver.ts": ["createBox", "type Box", "type BoxOptions"],
    "edge/box/ports.ts": [
      "type BoxPorts",
      "type Http",
      "type HttpReply",
      "type HttpRequest",
      "type Screen",
      "type ScreenEvents",
      "type Store",
      "type StoreEntry",
    ],
    "edge/box/core/messages.ts": ["type View"],
    "edge/box/core/state.ts": ["type AnswerChoice", "type BoxSettings", "type Happening", "type State"],
    "edge/box/core/pace.ts": ["LIMITS", "PACE", "type Pace"],
    "edge/box/core/summary.ts": ["summarize", "type Summary"],
    "shared/log.ts": ["type Log"],
    "shared/time/clock.ts": ["type Clock"],
    "shared/time/random.ts": ["type Random"],
    "shared/time/timers.ts": ["type Timers"],
    "shared/protocol/interaction.ts": ["type Interaction"],
    "shared/protocol/schedule.ts": ["type Cue", "type Schedule"],
    "shared/protocol/results.ts": ["type Results"],
    "shared/protocol/answers.ts": ["type Answer"],
    "shared/protocol/airings.ts": ["type Airing"],
  },
  // In a television's page.
  browser: {
    "edge/box/main.browser.ts": ["start", "type StartOptions", "type StartedBox"],
    "edge/box/platform/keys.ts": ["type KeyName", "keyName"],
    "edge/box/overlay/overlay.ts": ["createOverlay", "type Overlay"],
    "edge/box/platform/store-local.ts": ["createLocalStore", "type LocalStorage"],
    "edge/box/platform/http-xhr.ts": ["createXhrHttp"],
  },
  // On Node and Deno.
  server: {
    "shared/runtime/clock.ts": ["systemClock", "systemTimers"],
    "edge/box/platform/random-crypto.ts": ["cryptoRandom"],
    "edge/box/platform/http-fetch.ts": ["createFetchHttp"],
    "edge/box/platform/store-file.ts": ["createFileStore", "type FileStore"],
    "edge/box/platform/screen-headless.ts": ["createHeadlessScreen"],
    "shared/runtime/log.ts": ["createJsonLog"],
  },
};

/** The messages whose types the package's own need: their schemas are written with a library it does without. */
const MESSAGES: Record<string, Record<string, v.GenericSchema>> = {
  airings: { Airing: airingSchema },
  answers: { Answer: answerSchema, Receipts: receiptsSchema },
  interaction: { AnswerRule: answerRuleSchema, Interaction: interactionSchema, Texts: textsSchema },
  "line-up": { LineUp: lineUpSchema, LineUpChannel: lineUpChannelSchema },
  results: { Results: resultsSchema },
  schedule: {
    Audience: audienceSchema,
    Cue: cueSchema,
    Schedule: scheduleSchema,
    ScheduleProgramme: scheduleProgrammeSchema,
  },
};

/** Of the global that the script makes, for a page that has it by a script tag. */
const SCRIPT_TYPES = `import type { start } from "./browser.js";
declare global {
  const Cuecast: { start: typeof start };
}
`;

const entryText = (modules: Record<string, string[]>, pathOf: (module: string) => string) =>
  Object.entries(modules)
    .map(([module, names]) => `export { ${names.join(", ")} } from ${JSON.stringify(pathOf(module))};\n`)
    .join("");

const withoutTypes = (modules: Record<string, string[]>) =>
  Object.fromEntries(
    Object.entries(modules)
      .map(([module, names]) => [module, names.filter((name) => !name.startsWith("type "))] as const)
      .filter(([, names]) => names.length > 0),
  );

async function buildModules(folder: string): Promise<void> {
  const style = await minifyStyle(join(PROJECT_DIR, "edge/box/overlay/overlay.css"));
  for (const [name, modules] of Object.entries(ENTRIES)) {
    await build({
      stdin: {
        contents: entryText(withoutTypes(modules), (module) => `./${module}`),
        resolveDir: PROJECT_DIR,
        loader: "ts",
      },
      outfile: join(folder, `${name}.js`),
      bundle: true,
      format: "esm",
      platform: name === "server" ? "node" : "neutral",
      target: name === "server" ? "es2022" : "es2017",
      charset: "utf8",
      legalComments: "none",
      define: { CUECAST_STYLE: JSON.stringify(styleInScript(style)) },
    });
  }
}

/** Declarations of the modules, with imports as consumers find the files, and of the messages, made anew. */
async function buildTypes(folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "cuecast-types-"));
  try {
    const settings = {
      extends: join(PROJECT_DIR, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: PROJECT_DIR,
        outDir: join(work, "types"),
        typeRoots: [join(PROJECT_DIR, "node_modules/@types")],
      },
      include: [],
      files: Object.values(ENTRIES)
        .flatMap((modules) => Object.keys(modules))
        .map((module) => join(PROJECT_DIR, module)),
    };
    await writeFile(join(work, "tsconfig.json"), JSON.stringify(settings));
    await promisify(execFile)(BINARIES.tsc, ["-p", join(work, "tsconfig.json")]);
    for (const [module, schemas] of Object.entries(MESSAGES)) {
      await writeFile(join(work, `types/shared/protocol/${module}.d.ts`), messageTypes(schemas));
    }
    await copyNeeded(join(work, "types"), join(folder, "types"));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  for (const [name, modules] of Object.entries(ENTRIES)) {
    const text = entryText(modules, (module) => `./types/${module.replace(/\.ts$/, ".js")}`);
    await writeFile(join(folder, `${name}.d.ts`), text);
  }
}

/** Each type once: one that stands within another is named there. */
function messageTypes(schemas: Record<string, v.GenericSchema>): string {
  const types = Object.entries(schemas).map(([name, schema]) => {
    const json = toJsonSchema(schema, { typeMode: "output", errorMode: "ignore" }) as JsonSchema;
    return { name, text: typeOf(json) };
  });
  // Smaller ones first: they stand within the others.
  types.sort((one, other) => one.text.length - other.text.length);
  types.forEach(({ name, text }, at) => {
    for (const later of types.slice(at + 1)) later.text = later.text.split(text).join(name);
  });
  return types.map(({ name, text }) => `export type ${name} = ${text};\n`).join("");
}

/** Those declarations that an entry leads to. */
async function copyNeeded(from: string, to: string): Promise<void> {
  const waiting = Object.values(ENTRIES).flatMap((modules) => Object.keys(modules));
  const done = new Set<string>();
  for (let module = waiting.pop(); module !== undefined; module = waiting.pop()) {
    if (done.has(module)) continue;
    done.add(module);
    const file = module.replace(/\.ts$/, ".d.ts");
    const text = await readFile(join(from, file), "utf8");
    for (const [, path = ""] of text.matchAll(/from "(\.[^"]+)"/g)) waiting.push(join(dirname(module), path));
    await mkdir(dirname(join(to, file)), { recursive: true });
    await writeFile(join(to, file), text.replace(/(from "\.[^"]+)\.ts"/g, '$1.js"'));
  }
}

function manifest(version: string) {
  const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  return {
    name: "cuecast-box",
    version,
    description: "Shows Cuecast's interactions on a television at the right moment, with or without network",
    license: "Apache-2.0",
    type: "module",
    // The script and the style are there for what they do; a bundler may drop any other module that nothing uses.
    sideEffects: ["./cuecast-box.js", "./cuecast-box.css"],
    engines: { node: ">=20" },
    // For tools that do not read `exports`.
    main: "./index.js",
    types: "./index.d.ts",
    exports: {
      ".": entry("index"),
      "./browser": entry("browser"),
      "./server": entry("server"),
      "./cuecast-box.js": entry("cuecast-box"),
      "./cuecast-box.css": "./cuecast-box.css",
      "./package.json": "./package.json",
    },
  };
}

/** @param folder made anew */
export async function buildBoxPackage(folder = join(PROJECT_DIR, "dist/box-package")): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { version } = JSON.parse(await readFile(join(PROJECT_DIR, "package.json"), "utf8"));
  await Promise.all([buildModules(folder), buildTypes(folder), buildBox(join(folder, "built"))]);
  for (const name of ["cuecast-box.js", "cuecast-box.css"]) {
    await rename(join(folder, "built/box", name), join(folder, name));
  }
  await rm(join(folder, "built"), { recursive: true });
  await copyFile(join(PROJECT_DIR, "LICENSE"), join(folder, "LICENSE"));
  await copyFile(join(PROJECT_DIR, "edge/box/README.md"), join(folder, "README.md"));
  await writeFile(join(folder, "cuecast-box.d.ts"), SCRIPT_TYPES);
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest(version), null, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) {
  await buildBoxPackage();
  process.stdout.write(
    `The package is in ${join(PROJECT_DIR, "dist/box-package")}: npm pack or npm publish there\n`,
  );
}
