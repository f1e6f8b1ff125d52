// The reported pay that the reader's own time is held against while the clock runs.
import pay from "./pay.json";

export const NAIROBI = pay.rows.find((r) => r.id === pay.shift.workers.pay);
