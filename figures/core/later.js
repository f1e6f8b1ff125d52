/** Call `fn` once the calls stop coming for `ms`, with the last arguments; `.cancel()` forgets the call that waits. */
export function later(fn, ms) {
  let timer = 0;
  const call = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
