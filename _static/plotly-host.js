/* Draws the plotly figures of a page; their ground is clear and their ink is the theme's. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const figures = [...document.querySelectorAll("div.gb-plotly")].map((el) => [
    el,
    JSON.parse(el.querySelector("script").textContent),
  ]);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // plotly does not break a title that is too long for a narrow page
  function wrapped(text, width) {
    const room = Math.max(20, Math.floor((width - 80) / 9)); // letters of about 9 px, and the margins
    const lines = [""];
    for (const word of text.split(" ")) {
      const line = `${lines.at(-1)} ${word}`.trim();
      if (line.length > room && lines.at(-1)) lines.push(word);
      else lines[lines.length - 1] = line;
    }
    return lines.join("<br>");
  }
  function layout(figure, el) {
    const axis = { gridcolor: color("--gb-grid"), zerolinecolor: color("--gb-grid"), linecolor: color("--gb-ink") };
    const themed = { ...figure.layout, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true };
    themed.font = { ...(figure.layout.font || {}), color: color("--gb-ink"), family: color("--gb-sans") };
    for (const key of Object.keys(figure.layout).concat("xaxis", "yaxis"))
      if (/^[xy]axis\d*$/.test(key)) themed[key] = { ...(figure.layout[key] || {}), ...axis };
    for (const key of Object.keys(figure.layout).concat("scene")) {
      if (!/^scene\d*$/.test(key)) continue;
      const scene = figure.layout[key] || {};
      themed[key] = { ...scene };
      for (const name of ["xaxis", "yaxis", "zaxis"])
        themed[key][name] = {
          ...(scene[name] || {}),
          showbackground: false,
          color: color("--gb-ink"),
          gridcolor: color("--gb-grid"),
        };
    }
    const title = typeof themed.title === "string" ? { text: themed.title } : themed.title;
    if (title?.text) {
      themed.title = { x: 0, xanchor: "left", xref: "paper", ...title, text: wrapped(title.text, el.clientWidth) };
      const lines = themed.title.text.split("<br>").length;
      themed.margin = { ...(themed.margin || {}), t: 50 + 22 * (lines - 1) };
    }
    delete themed.width;
    return themed;
  }
  const config = (figure) => ({ responsive: true, displaylogo: false, ...(figure.config || {}) });
  for (const [el, figure] of figures) {
    Plotly.newPlot(el, figure.data, layout(figure, el), config(figure))
      .then(() => figure.frames && Plotly.addFrames(el, figure.frames))
      .then(() => {
        el.dataset.ready = "true";
      });
  }
  new MutationObserver(() => figures.forEach(([el, figure]) => Plotly.relayout(el, layout(figure, el)))).observe(
    document.documentElement,
    { attributeFilter: ["data-theme"] },
  );
});
