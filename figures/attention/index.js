// The attention viewer. It opens on one letter, one name and one switch: a head of the trained model that looks the
// name up. Behind "All sixteen heads": any text, every head, every token. The computing is in logic.js, done by a
// worker (engine.js).
// State: { preset: number of a text, text: own words, head: "3.1", token: number, off: "3.1,3.2" }
import { arrive, el, frame, loadFile, loadModel, more, put } from "../core/index.js";
import { Engine } from "./engine.js";
import { labPanel } from "./lab.js";
import { Look } from "./look.js";
import { scenePanel } from "./scene.js";
import strings from "./strings.json";
import css from "./style.css";
import { number } from "./words.js";

export default {
  render({ model, el: host }) {
    const fig = frame({
      model,
      host,
      name: "attention",
      css,
      strings,
      permalink: ["preset", "text", "head", "token", "off"],
    });
    const load = () => Promise.all([loadModel(model, "base"), loadFile(model, "attention")]);
    return arrive(fig, load, ([trained, data], stops) => {
      const engine = new Engine(trained.gpt);
      stops.push(() => engine.stop());
      viewer(fig, new Look(fig, trained, data, engine), stops);
    });
  },
};

function viewer(fig, look, stops) {
  const { t } = fig;
  const scene = scenePanel(fig, look, () => {
    scene.act();
    const off = look.off.includes(scene.head);
    silence(off ? look.off.filter((n) => n !== scene.head) : [...look.off, scene.head]);
    lab.update();
  });
  /** Switch heads off, and show in the letter what comes of it. */
  function silence(heads) {
    look.silence(heads);
    fig.set("off", look.off.map((n) => look.name(n)).join(","));
    scene.draw();
  }
  const lab = labPanel(fig, look, silence);
  const fold = more(t("all_heads"), lab.node, scene.table);
  fold.addEventListener("toggle", () => fold.open && lab.wake());
  put(fig.body, scene.node, fold);
  fig.under(el("p", { class: "gb-muted small" }, simplified(t, look)));
  stops.push(lab.stop, scene.stop);
  scene.draw();
  scene.begin();
  const given = { preset: 0, text: "", head: "", token: -1 };
  const others = look.off.some((n) => n !== scene.head);
  if (others || Object.entries(given).some(([key, none]) => fig.get(key, none) !== none)) {
    fold.open = true;
    lab.wake();
  }
}

function simplified(t, { gpt }) {
  const parameters = gpt.blocks
    .flatMap((block) => Object.values(block))
    .reduce((n, w) => n + w.length, gpt.embed.length + gpt.head.length);
  return t("simplified", { params: number(Math.round(parameters / 1e4) * 1e4) });
}
