/* A figure's own page: its address as a QR code, so that a class can open on its phones what the wall shows.
   The code that draws it is fetched when it is asked for, from this book. */
(() => {
  "use strict";
  const script = document.currentScript.src;
  const button = document.querySelector(".gb-qr");
  const dialog = document.getElementById("gb-qr");
  const picture = dialog.querySelector(".gb-qr__code");
  const words = dialog.querySelector(".gb-qr__words");

  const load = () =>
    window.qrcode
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          const node = document.createElement("script");
          node.src = new URL("vendor/qrcode.js", script).href;
          node.onload = resolve;
          node.onerror = () => reject(new Error("the code's drawing cannot be loaded"));
          document.head.append(node);
        });

  function draw(address) {
    const code = window.qrcode(0, "L"); // the smallest size that holds the address
    code.addData(address);
    code.make();
    picture.innerHTML = code.createSvgTag({ cellSize: 8, margin: 32, scalable: true, alt: "", title: "" });
    picture.firstElementChild.setAttribute("role", "img");
    picture.firstElementChild.setAttribute("aria-label", "QR code of the address below");
    words.textContent = address;
  }

  async function show() {
    picture.replaceChildren();
    const here = location.href; // with the figure's state, where it has put it into the address
    if (location.protocol === "file:") {
      words.textContent =
        "This page lies on a disk, where no phone can reach it. Open the book from a server to share it.";
    } else {
      try {
        await load();
        draw(here);
      } catch (error) {
        words.textContent = `No QR code: ${error.message ?? error}. The address is ${here}`;
      }
    }
    dialog.showModal();
  }

  button.hidden = false;
  button.addEventListener("click", show);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
})();
