// Turns formulas from TeX into MathML, with the MathJax that pages use themselves.
// Standard input: a JSON list of [tex, display]; standard output: a JSON list of strings.
import { createRequire } from "node:module";

let text = "";
for await (const part of process.stdin) text += part;
const MathJax = await createRequire(import.meta.url)("mathjax").init({
  loader: { load: ["input/tex"] },
  startup: { typeset: false },
});
const converted = JSON.parse(text).map(([tex, display]) =>
  MathJax.tex2mml(tex, { display })
    .replace(/ (data-mjx-[\w-]+|xmlns)="[^"]*"/g, "")
    .replace(/\n\s*/g, ""),
);
process.stdout.write(JSON.stringify(converted));
