// Waiting on a condition, never for a time.
import { setTimeout as pause } from "node:timers/promises";

// Asks again and again until the answer is something; that answer is returned.
export const until = async (what, ask, { within = 15_000, seldom = 20 } = {}) => {
  for (const end = Date.now() + within; ; await pause(seldom)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
  }
};
