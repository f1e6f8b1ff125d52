"""axe-core on the page as it stands: all rules in its own colors, and in the other colors again all
that colors can change.

Contrast is most of the work, and most of a lab's text is code in which the same few looks repeat
thousands of times. In code, tables and lists one text of each look is judged: it stands for those
whose own style and that of every element around them are the same. A text on which axe cannot make up
its mind (a single letter, one under something else) stands for none.
"""

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OTHER = {"light": "dark", "dark": "light"}
# Contrast, and pictures: some stand there in one color scheme alone.
OF_COLORS = ["color-contrast", "link-in-text-block", "image-alt", "svg-img-alt", "role-img-alt"]

ONCE = """() => {
    const LOOK = ["color", "backgroundColor", "backgroundImage", "backgroundClip", "opacity", "filter",
        "mixBlendMode", "textShadow", "fontSize", "fontWeight", "position", "visibility"];
    const contrast = axe._audit.checks["color-contrast"], judge = contrast.evaluate;
    let looks, kinds, judged;
    window.__anew = () => { looks = new Map([[null, 0]]); kinds = new Map(); judged = new Set(); };
    function inFlow(style) {
        if (style.transform !== "none" || ["absolute", "fixed", "sticky"].includes(style.position)) return false;
        if (style.position === "relative" && [style.top, style.left].some(x => x !== "0px" && x !== "auto")) return false;
        return ![style.marginTop, style.marginRight, style.marginBottom, style.marginLeft].some(x => x.startsWith("-"));
    }
    function look(e) {  // a number that elements share which look alike, with all that is around them
        if (looks.has(e)) return looks.get(e);
        const style = getComputedStyle(e);
        const own = [look(e.parentElement), e.localName, e.className, e.getAttribute("style"), ...LOOK.map(p => style[p])];
        const kind = inFlow(style) ? own.join("|") : e;  // what is moved may lie over something else
        if (!kinds.has(kind)) kinds.set(kind, kinds.size + 1);
        looks.set(e, kinds.get(kind));
        return looks.get(e);
    }
    contrast.evaluate = function (node, ...rest) {
        if (!node.closest("pre, table, li") || node.closest("svg")) return judge.call(this, node, ...rest);
        if (judged.has(look(node))) {
            this.data({});
            return true;
        }
        const found = judge.call(this, node, ...rest);
        if (found !== undefined) judged.add(look(node));
        return found;
    };
}"""
RUN = """async rules => {
    __anew();
    const options = { resultTypes: ["violations"], preload: false, ...(rules && { runOnly: rules }) };
    const found = await axe.run(document, options);
    return found.violations.map(v => ({
        rule: v.id, help: v.help, count: v.nodes.length,
        nodes: v.nodes.slice(0, 4).map(n => n.target.join(" ") + " | " + n.html.slice(0, 160)),
    }));
}"""


@cache
def source() -> str:
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8")


def check(tab, name: str) -> None:
    """No violation of any rule, in both color schemes; the page is left as it was."""
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(source())
        tab.evaluate(ONCE)
    theme = tab.evaluate("document.documentElement.dataset.theme")
    faults = []
    for colors, rules in ((theme, None), (OTHER[theme], OF_COLORS)):
        tab.evaluate("c => { document.documentElement.dataset.theme = c; }", colors)
        for fault in tab.evaluate(RUN, rules):
            faults.append(
                f"{name}, {colors}: {fault['rule']}: {fault['help']} ({fault['count']}) {fault['nodes']}"
            )
    tab.evaluate("c => { document.documentElement.dataset.theme = c; }", theme)
    assert not faults, "\n".join(faults)
