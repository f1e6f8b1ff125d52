/**
 * A finger, or a mouse button held down, drawn along a chart: `onplace(x)` hears its place from 0 (left) to 1,
 * `ontouch()` that it came down there, so that the control that the keyboard uses can take the focus.
 */
export function followFinger(area, onplace, ontouch) {
  const place = (event) => {
    const box = area.getBoundingClientRect();
    onplace(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  };
  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    area.setPointerCapture(event.pointerId);
    place(event);
    ontouch();
  });
  area.addEventListener("mousedown", (event) => event.preventDefault()); // or the page would take the focus
  area.addEventListener("pointermove", (event) => {
    if (area.hasPointerCapture(event.pointerId)) place(event);
  });
}
