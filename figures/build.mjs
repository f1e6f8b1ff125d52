// Builds every figure: figures/<name>/index.js -> _build/figures/<name>.js, one self-contained ES module
// with its CSS and its strings inside, the same file for the page and for the notebook.
// Run from anywhere:  node figures/build.mjs [name ...]
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..");
const OUT = join(ROOT, "_build", "figures");
const BUDGET = 60 * 1024; // bytes of a figure, gzipped
const READ = join(ROOT, "_build", "bundled"); // by figure, the project's files that its bundle was made from

let esbuild;
try {
  esbuild = await import("esbuild");
} catch {
  console.error("esbuild is not installed. Run `python make.py figures`, or `npm ci` and then this again.");
  process.exit(1);
}

export async function figureNames() {
  const entries = await readdir(HERE, { withFileTypes: true });
  return entries
    .filter((e) => e.isDirectory() && e.name !== "core" && existsSync(join(HERE, e.name, "index.js")))
    .map((e) => e.name)
    .sort();
}

// A reader who interrupts the build must never be left with half a file,
// and a file that did not change keeps its date, so that nothing after it is rebuilt.
async function writeWhole(path, text) {
  if (existsSync(path) && (await readFile(path, "utf8")) === text) return false;
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text, "utf8");
  await rename(temporary, path);
  return true;
}

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  metafile: true,
  write: false,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: true,
  legalComments: "none",
  loader: { ".css": "text" }, // core/frame.js puts the text into a <style> element
  logLevel: "silent",
};

/** `import code from "./x.worker.js"` gives a worker's whole code as text, bundled: a page from a disk starts it as a Blob. */
function workers(read) {
  return {
    name: "workers",
    setup(build) {
      build.onLoad({ filter: /\.worker\.js$/ }, async ({ path }) => {
        const worker = await esbuild.build({ ...OPTIONS, entryPoints: [path], format: "iife" });
        for (const input of Object.keys(worker.metafile.inputs)) read.add(input);
        return { contents: worker.outputFiles[0].text, loader: "text" };
      });
    },
  };
}

async function bundle(name) {
  const read = new Set();
  const result = await esbuild.build({
    ...OPTIONS,
    entryPoints: [join(HERE, name, "index.js")],
    plugins: [workers(read)],
  });
  for (const input of Object.keys(result.metafile.inputs)) read.add(input);
  return { text: result.outputFiles[0].text, read: [...read].filter((path) => !path.includes("node_modules")) };
}

const known = await figureNames();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length) {
  console.error(`There is no figure named ${unknown.join(", ")}. Figures: ${known.join(", ")}.`);
  process.exit(1);
}
await mkdir(OUT, { recursive: true });
await mkdir(READ, { recursive: true });
let failed = 0;
for (const name of wanted.length ? wanted : known) {
  try {
    const { text, read } = await bundle(name);
    const packed = gzipSync(text).length;
    if (packed > BUDGET)
      throw new Error(`it has ${packed} bytes gzipped, more than ${BUDGET}; leave something out of it`);
    await writeWhole(join(OUT, `${name}.js`), text);
    await writeWhole(join(READ, `${name}.json`), JSON.stringify({ read }));
    const kb = (n) => (n / 1024).toFixed(1).padStart(6);
    console.log(`${name.padEnd(20)} ${kb(text.length)} KB ${kb(packed)} KB gzipped`);
  } catch (error) {
    failed += 1;
    await rm(join(OUT, `${name}.js`), { force: true }); // a stale figure is worse than a missing one
    const lines = error.errors ? await esbuild.formatMessages(error.errors, { kind: "error" }) : [String(error)];
    console.error(`figures/${name} does not build:\n${lines.join("\n")}`);
  }
}
if (!wanted.length) {
  // figures that are no more
  for (const file of await readdir(OUT)) {
    if (file.endsWith(".js") && !known.includes(file.slice(0, -3))) await rm(join(OUT, file));
  }
}
process.exitCode = failed ? 1 : 0;
