// Searches a built book with its own index and code: node search.mjs FOLDER '["word", …]'
// Prints {word: [names of the pages found]}.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

const [folder, words] = [process.argv[2], JSON.parse(process.argv[3])];
const page = vm.createContext({
  document: { getElementById: () => null },
  SPHINX_HIGHLIGHT_ENABLED: false,
  _ready: () => {},
  _: (text) => text,
});
for (const name of ["_static/searchtools.js", "_static/language_data.js", "_static/search.js", "searchindex.js"])
  vm.runInContext(readFileSync(join(folder, name), "utf8"), page);
const find = vm.runInContext("(word) => Search._performSearch(...Search._parseQuery(word)).map((row) => row[0])", page);
console.log(JSON.stringify(Object.fromEntries(words.map((word) => [word, [...new Set(find(word))].sort()]))));
