// What a reader answered, kept in this browser only. Nothing is sent anywhere; where storage is off
// (private windows, file:// in some browsers) the figure works and forgets.

const key = (figure, id) => `glassbox:${figure}:${id}`;

/** store("quiz", "tokens") -> { load(fallback), save(value), clear() }; none of them ever throws. */
export function store(figure, id) {
  return {
    load(fallback = null) {
      try {
        const text = globalThis.localStorage.getItem(key(figure, id));
        return text === null ? fallback : JSON.parse(text);
      } catch {
        return fallback;
      }
    },
    save(value) {
      try {
        globalThis.localStorage.setItem(key(figure, id), JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    clear() {
      try {
        globalThis.localStorage.removeItem(key(figure, id));
      } catch {
        // nothing was kept, so there is nothing to forget
      }
    },
  };
}
