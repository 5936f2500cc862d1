// health.mjs URL SECONDS: ends well once URL answers 200, badly if it does not within SECONDS.

import { setTimeout as pause } from "node:timers/promises";

const [url, seconds] = process.argv.slice(2);
const end = Date.now() + Number(seconds) * 1000;
let last;
do {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    if (response.ok) {
      process.exit(0);
    }
    last = `it answers ${response.status}`;
  } catch (error) {
    last = error.cause?.message ?? error.message;
  }
  await pause(100);
} while (Date.now() < end);
console.error(`${url}: no 200 within ${seconds} s: ${last}`);
process.exit(1);
