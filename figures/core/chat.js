// A conversation as the chat models read it, the same ids as glassbox.assistant.finetune.chat_prompt:
//
//   <|endoftext|>You are a clerk.<|user|>Where does she live?<|end|><|assistant|>
//
// (a system message, if there is one, comes first). What people write is only text: it is encoded with
// special tokens spelled out, so nobody can type a turn. figures/core/golden_chat.json holds both to one answer.

const ROLES = ["user", "assistant"];

/** chatPrompt([{ role: "user", content: "Hello" }], tokenizer) -> ids that end with <|assistant|>. */
export function chatPrompt(messages, tokenizer) {
  const special = (name) => {
    const id = tokenizer.special[`<|${name}|>`];
    if (id === undefined) throw new Error(`the tokenizer has no <|${name}|>; load the model with its own tokenizer`);
    return id;
  };
  const turns = messages[0]?.role === "system" ? messages.slice(1) : messages;
  if (turns.at(-1)?.role !== "user") throw new Error("a prompt ends with a message by the user");
  turns.forEach(({ role }, n) => {
    if (role !== ROLES[n % 2])
      throw new Error(`message ${n} is by ${JSON.stringify(role)}; user and assistant take turns and the user begins`);
  });
  const ids = [special("endoftext")];
  for (const { role, content } of messages) {
    if (role === "system") ids.push(...tokenizer.encode(content));
    else ids.push(special(role), ...tokenizer.encode(content), special("end"));
  }
  return [...ids, special("assistant")];
}
