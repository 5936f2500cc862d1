#!/usr/bin/env node
// A program in Claude Code's place. What it does is in FAKE: `exit:3`; `die:SIGTERM`; `stop`, alone
// and until it is continued; or `wait`, until it is written to, telling of signals and of a new size
// of the terminal.

import { writeSync } from "node:fs";

const [does, how] = (process.env.FAKE ?? "exit:0").split(":");
const { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: token } = process.env;

if (does === "wait") { // ready before it says so: signals come at once then
  const signals = [];
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      signals.push(name);
      say({ signals });
    });
  }
  process.stdout.on("resize", () => say({ size: process.stdout.getWindowSize() }));
  process.stdin.once("data", () => process.exit(7));
}
say({ argv: process.argv.slice(2), cwd: process.cwd(), url, token });

if (does === "stop") {
  process.on("SIGCONT", () => process.exit(7));
  process.kill(process.pid, "SIGSTOP");
  setInterval(() => {}, 1000);
} else if (does === "die") {
  process.kill(process.pid, how);
  setInterval(() => {}, 1000); // until the signal has come
} else if (does === "exit") {
  process.exitCode = Number(how);
}

function say(what) {
  writeSync(1, `${JSON.stringify(what)}\n`);
}
