// Where the chosen head looks from one token, which the reader picks in the text.
import { dataTable, el, put } from "../core/index.js";
import { percent } from "./words.js";

/** `onpick(token)` hears which token the reader chose. */
export function looksPanel({ t }, look, onpick) {
  const heading = el("p", { class: "sub" });
  const line = el("div", { class: "line", role: "group" });
  const table = dataTable({
    summary: t("table_looks"),
    caption: t("table_looks"),
    columns: ["place", "token", "share"].map((key) => t(`column_${key}`)),
  });

  line.addEventListener("keydown", (event) => {
    const { at } = look;
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: look.ids.length - 1,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pick(to);
  });
  function pick(token) {
    onpick(token);
    line.children[look.at]?.focus();
  }

  function draw() {
    const { at, chosen, names, row } = look;
    heading.textContent = t(look.off.includes(chosen) ? "looks_off" : "looks", {
      token: `“${names[at]}”`,
      head: look.name(chosen),
    });
    line.setAttribute("aria-label", heading.textContent);
    const focused = line.contains(line.getRootNode().activeElement);
    put(
      line,
      names.map((name, i) => {
        const share = row[i] ?? 0;
        return el(
          "button",
          {
            type: "button",
            "data-lm-suppress-shortcuts": "true",
            class: `tok ${i > at ? "later" : ""}`,
            "aria-pressed": String(i === at),
            tabindex: i === at ? 0 : -1,
            style: { "--share": `${Math.round(85 * Math.sqrt(share))}%` },
            onclick: () => pick(i),
          },
          el("span", { class: "t" }, name),
          el("span", { class: "n" }, i <= at && share >= 0.05 ? percent(share) : ""),
        );
      }),
    );
    if (focused) line.children[at]?.focus();
    if (table.node.open) table.update(Array.from(row, (share, i) => [i, names[i], percent(share)]));
  }
  return {
    node: el("section", {}, heading, line, el("p", { class: "gb-muted small" }, t("looks_note"))),
    heading,
    table: table.node,
    draw,
  };
}
