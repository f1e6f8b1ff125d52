// Every word a figure shows stands in its strings.json: { "en": { "key": "Text with {name}" } }.
// Other languages are added beside "en"; a missing key falls back to English.

/** strings(table, "zh-CN") -> t(key, values). An unknown key throws: a figure never shows "undefined". */
export function strings(table, lang = "en") {
  const own = table[lang] ?? table[lang.split("-")[0]] ?? {};
  return (key, values = {}) => {
    const text = own[key] ?? table.en[key];
    if (text === undefined) throw new Error(`strings.json has no entry "${key}"; add it under "en"`);
    return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
  };
}
