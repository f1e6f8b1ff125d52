export class GPT {}
export const unpack = (x) => x;
