/**
 * Builds what a television loads: `dist/box/` (the box as one ES5 script, and its style) and `dist/tv/` (the
 * reference television). esbuild bundles, swc lowers to ES5, terser minifies.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { transform as lower } from "@swc/core";
import { build, type Plugin, transform } from "esbuild";
import { type CompressOptions, minify } from "terser";

const PROJECT = join(import.meta.dirname, "../..");
const BOX = join(PROJECT, "edge/box");
/** The bundle's limit, gzipped: what a weak box loads over a thin line in a moment. */
export const BUNDLE_BYTES_MAX = 20 * 1024;
/** One weight serves all: every further one is 100 files more. */
const FONT = { name: "noto-sans-sc", weight: 500 };

const LICENCE_NOTE = "/*! Cuecast, Apache-2.0 */\n";

export async function minifyStyle(path: string): Promise<string> {
  const style = await readFile(path, "utf8");
  return (await transform(style, { loader: "css", minify: true, target: "safari9" })).code.trim();
}

/**
 * The style as the script carries it: without the prefix of its classes, which `addStyle` of main.browser.ts puts
 * before every dot that a letter follows.
 */
export function styleInScript(style: string): string {
  const short = style.replaceAll(".cuecast-", ".");
  if (short.replace(/\.(?=[a-z])/g, ".cuecast-") !== style)
    throw new Error(
      "Cannot build the box: its style has a dot before a letter that is no class of the overlay",
    );
  return short;
}

/**
 * What lowered code needs at run time, as small as our own use allows: only arrays are spread and taken apart,
 * nothing has accessors or symbols. The helpers that swc would put in cover everything, and cost 1 KB.
 */
const HELPERS: Record<string, string> = {
  _array_like_to_array: "(a) { return a; }",
  _array_with_holes: "(a) { return a; }",
  _class_call_check: "() {}",
  _extends:
    "(to) { for (var at = 1; at < arguments.length; at++) for (var key in arguments[at]) to[key] = arguments[at][key]; return to; }",
  _sliced_to_array: "(a) { return a; }",
  _to_consumable_array: "(a) { return [].slice.call(a); }",
  _type_of: "(a) { return typeof a; }",
};

const ownHelpers: Plugin = {
  name: "own-helpers",
  setup(setting) {
    setting.onResolve({ filter: /^@swc\/helpers\/_\// }, ({ path }) => ({
      path: path.slice(path.lastIndexOf("/") + 1),
      namespace: "helpers",
    }));
    setting.onLoad({ filter: /.*/, namespace: "helpers" }, ({ path }) => {
      const body = HELPERS[path];
      if (!body) return { errors: [{ text: `Cannot lower the bundle: ${path} has no helper` }] };
      return { contents: `export function _${body}`, loader: "js" };
    });
  },
};

/**
 * What is small is not what gzips well: statements that look alike cost less than one long expression, and calls
 * less than the same code put in everywhere. The rest is true of our own code: nothing compares with NaN by order.
 */
const COMPRESS: CompressOptions = {
  ...{ ecma: 5, passes: 2, inline: 1, sequences: false, hoist_props: false, lhs_constants: false },
  ...{ pure_getters: true, unsafe: true, unsafe_comps: true, unsafe_math: true, unsafe_proto: true },
};

/**
 * Names of fields that never leave the script: of views, panels, words and steps under way. They become a letter or two.
 * None is of a message, an entry, the state or a port, which a test sees to: those are read and written outside of it.
 */
export const INNER_NAMES = [
  ...["next", "wallClockMs", "steadyMs", "wakeMs", "fireMs", "effects", "retryAfterMs"],
  ...["answerable", "leftMs", "closesInMs"],
  ...["hints", "update", "element", "fill"],
  ...["words", "rightToLeft", "aside", "place", "badge", "option", "figure", "bar"],
  ...[
    "confirm",
    "keep",
    "opened",
    "mark",
    "upTo",
    "taken",
    "afterClose",
    "wrong",
    "votes",
    "average",
    "scan",
  ],
  ...["select", "close", "ended", "right"],
];

/** Likewise, of the state and of its ports, what the script alone reads: a panel beside the box has no use for them. */
export const CORE_NAMES = [
  ...["view", "attach", "preload", "shown", "dismissed", "show", "hide", "after"],
  ...["doubtUntilMs", "burstLeft", "jumpedMs", "storedMs", "heldBackBy", "firing", "pulledMs", "prefetched"],
  ...[
    "calm",
    "blockedUntilMs",
    "returnMs",
    "lastWallMs",
    "lastMonotonicMs",
    "notBeforeMs",
    "awaiting",
    "restUntilMs",
    "over",
  ],
  ...[
    "toldMs",
    "sleptMs",
    "tunedMs",
    "goneMs",
    "tuned",
    "isOpen",
    "settled",
    "lateBy",
    "againMs",
    "requests",
    "settings",
    "kind",
    "delayMs",
    "running",
    "isLate",
  ],
  ...[
    "seed",
    "secret",
    "batch",
    "anchor",
    "choice",
    "timers",
    "stored",
    "phase",
    "happening",
    "level",
    "entries",
    "data",
    "airing",
    "sent",
    "of",
  ],
];
const SHORT_NAMES = new RegExp(`^(${INNER_NAMES.concat(CORE_NAMES).join("|")})$`);

const OUTER_LETTERS = "cufldhmpgvybwkxjqzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
const SECOND_LETTERS = "etnrisouaflchpdvmgybwkxjqzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
/** Names that leave the most frequent letters to what is inside of functions. */
const OUTER_NAMES = {
  get(number: number): string {
    const rest = number - OUTER_LETTERS.length;
    if (rest < 0) return OUTER_LETTERS.charAt(number);
    const second = SECOND_LETTERS.length;
    return OUTER_LETTERS.charAt(Math.floor(rest / second)) + SECOND_LETTERS.charAt(rest % second);
  },
};

/** Modules to one ES5 script. */
async function bundle(program: string, style: string): Promise<string> {
  const bundled = await build({
    stdin: { contents: program, resolveDir: BOX, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    define: { CUECAST_STYLE: JSON.stringify(styleInScript(style)) },
  });
  const lowered = await lower(bundled.outputFiles[0]?.text ?? "", {
    isModule: true,
    jsc: {
      target: "es5",
      parser: { syntax: "ecmascript" },
      externalHelpers: true,
      assumptions: {
        arrayLikeIsIterable: true,
        ignoreFunctionLength: true,
        ignoreFunctionName: true,
        ignoreToPrimitiveHint: true,
        iterableIsArray: true,
        noDocumentAll: true,
        noNewArrows: true,
        objectRestNoSymbols: true,
        pureGetters: true,
        setClassMethods: true,
        setPublicClassFields: true,
        setSpreadProperties: true,
        skipForOfIteratorClosing: true,
      },
    },
  });
  const whole = await build({
    stdin: { contents: lowered.code, resolveDir: PROJECT, loader: "js" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es5",
    charset: "utf8",
    legalComments: "none",
    plugins: [ownHelpers],
  });
  // terser makes 1.5 % less of it than swc or esbuild; names of other properties stay.
  const small = await minify(whole.outputFiles[0]?.text ?? "", {
    compress: COMPRESS,
    ecma: 5,
    mangle: {
      // The television looks its words up by name, and has no need to be small.
      properties: style !== "" && { regex: SHORT_NAMES, builtins: true },
      nth_identifier: OUTER_NAMES,
    },
    toplevel: true,
  });
  // The names inside of functions anew, once the outer ones no longer have the letters that come first: a first
  // parameter has the same name nearly everywhere then, which gzips better.
  const even = await minify(small.code ?? "", {
    compress: false,
    ecma: 5,
    // Chinese and signs as escapes: right on a page of whatever charset, and hexadecimal digits cost 125 bytes less,
    // gzipped, than bytes that nothing else has.
    format: { ascii_only: true },
  });
  return `${LICENCE_NOTE}!function(){${even.code}}();\n`;
}

/** The font's pieces that a browser with support for `unicode-range` loads one by one, as it needs them. */
async function copyFont(to: string): Promise<string> {
  const from = join(PROJECT, "node_modules/@fontsource", FONT.name);
  const sheet = await readFile(join(from, `${FONT.weight}.css`), "utf8");
  const faces: string[] = [];
  await mkdir(to, { recursive: true });
  for (const face of sheet.match(/@font-face \{[^}]*\}/g) ?? []) {
    const file = /files\/([^)]+\.woff2)/.exec(face)?.[1];
    const range = /unicode-range: ([^;]+);/.exec(face)?.[1];
    if (!file || !range) continue;
    await copyFile(join(from, "files", file), join(to, file));
    faces.push(
      `@font-face{font-family:"Noto Sans SC";font-weight:100 900;font-display:swap;src:url(${file}) format("woff2");unicode-range:${range}}`,
    );
  }
  await copyFile(join(from, "LICENSE"), join(to, "LICENSE.txt"));
  return `${faces.join("\n")}\n`;
}

export interface Built {
  boxBytes: number;
  tvBytes: number;
  fontFiles: number;
}

/** @param dist made anew: `box/` and `tv/` in it are removed first */
export async function buildBox(dist = join(PROJECT, "dist")): Promise<Built> {
  await rm(join(dist, "box"), { recursive: true, force: true });
  await rm(join(dist, "tv"), { recursive: true, force: true });
  await mkdir(join(dist, "box"), { recursive: true });
  await mkdir(join(dist, "tv/fonts"), { recursive: true });

  const style = await minifyStyle(join(BOX, "overlay/overlay.css"));
  const [box, tv] = await Promise.all([
    bundle('import { start } from "./main.browser.ts"; window.Cuecast = { start };', style),
    bundle('import "./tv/tv.ts";', ""),
  ]);
  const fonts = await copyFont(join(dist, "tv/fonts"));
  await Promise.all([
    writeFile(join(dist, "box/cuecast-box.js"), box),
    writeFile(join(dist, "box/cuecast-box.css"), `${style}\n`),
    writeFile(join(dist, "tv/tv.js"), tv),
    writeFile(join(dist, "tv/tv.css"), `${await minifyStyle(join(BOX, "tv/tv.css"))}\n`),
    writeFile(join(dist, "tv/fonts/fonts.css"), fonts),
    copyFile(join(BOX, "tv/index.html"), join(dist, "tv/index.html")),
  ]);
  return {
    boxBytes: gzipSync(box, { level: 9 }).length,
    tvBytes: gzipSync(tv, { level: 9 }).length,
    fontFiles: fonts.split("\n").length - 1,
  };
}

if (process.argv[1] === import.meta.filename) {
  const { boxBytes, tvBytes, fontFiles } = await buildBox();
  process.stdout.write(
    `cuecast-box.js ${boxBytes} bytes gzipped of ${BUNDLE_BYTES_MAX}; tv.js ${tvBytes}; ${fontFiles} font files\n`,
  );
}
