// What the cases of `ccr code` share: homes of made-up users, programs run in them, and what the
// mock upstream was asked meanwhile.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setting } from "./support.mjs";

/** The ccr that is tried. */
export const CCR = setting("CCR_E2E_CCR");

/** The real Claude Code; empty if there is none for this system. */
export const CLAUDE = process.env.CCR_E2E_CLAUDE ?? "";

/** A program in its place, whose variable FAKE says what it does. */
export const FAKE = fileURLToPath(new URL("claude/fake.mjs", import.meta.url));

export const MOCK = setting("CCR_E2E_MOCK");

/** How long a program may take, in milliseconds: far more than it needs on a busy machine. */
const PATIENCE = 60_000;

/** The bound of one case. */
export const UNHURRIED = { timeout: 2 * PATIENCE };

/** What a case needs that runs the real Claude Code. */
export const REAL = {
  ...UNHURRIED,
  skip: CLAUDE ? false : `no Claude Code for ${process.platform}-${process.arch}`,
};

/**
 * A user with an empty home, whose environment leads to the router that scripts/e2e has started.
 * What is no loopback address is asked of a proxy that is not there.
 */
export class User {
  constructor(claude, variables = {}) {
    this.home = mkdtempSync(join(setting("CCR_E2E_WORK"), "user-"));
    /** In all that Claude Code tells a model of its surroundings. */
    this.word = basename(this.home);
    this.folder = join(this.home, "project");
    mkdirSync(this.folder);
    this.env = {
      PATH: process.env.PATH,
      JAVA_HOME: process.env.JAVA_HOME,
      XDG_STATE_HOME: setting("XDG_STATE_HOME"),
      CCR_CONFIG_PATH: join(setting("CCR_E2E_WORK"), "config.json"),
      HOME: this.home,
      TMPDIR: this.home,
      LANG: "C.UTF-8",
      TERM: "dumb",
      HTTPS_PROXY: "http://127.0.0.1:9",
      CLAUDE_PATH: claude,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      IS_SANDBOX: "1", // or else root may not leave out the questions
      ...variables,
    };
  }

  path(name) {
    return join(this.folder, name);
  }

  /** Writes a file of the home, private as configurations have to be. */
  write(name, value) {
    const file = join(this.home, name);
    mkdirSync(join(file, ".."), { recursive: true });
    const text = typeof value === "string" ? value : JSON.stringify(value);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  read(name) {
    return readFileSync(join(this.home, name), "utf8");
  }

  /** Starts ccr in the user's project, which gets no end of its input if that is null. */
  start(args, input = "") {
    return new Running(CCR, args, this, input);
  }

  /** Runs ccr to its end. */
  ccr(args, input) {
    return this.start(args, input).ended;
  }

  /** Runs `ccr code -p` with a prompt, and gives Claude Code's own report of what happened. */
  async ask(prompt, ...options) {
    const asked = ["-p", "--output-format", "stream-json", "--verbose", ...options];
    return new Report(await this.ccr(["code", ...asked], prompt));
  }

  /** What upstreams were asked for this user: the bodies of the requests, in their order. */
  async asked() {
    const response = await fetch(`${MOCK}/requests?${this.word}`);
    return (await response.json()).map(({ body }) => body);
  }
}

/** A program in a process group of its own. */
export class Running {
  constructor(program, args, user, input) {
    const options = { cwd: user.folder, env: user.env, detached: true };
    this.child = spawn(program, args, options);
    this.stdout = "";
    this.stderr = "";
    for (const name of ["stdout", "stderr"]) {
      this.child[name].setEncoding("utf8").on("data", (text) => (this[name] += text));
    }
    this.child.stdin.on("error", () => {}); // it may end before it has read all
    if (input !== null) {
      this.child.stdin.end(input);
    }
    /** A promise of what became of it. */
    this.ended = this.#ended();
  }

  /** Waits for a text on standard output. */
  says(text) {
    return until(() => `${text} in ${this.stdout}`, () => this.stdout.includes(text));
  }

  kill(signal) {
    process.kill(this.child.pid, signal);
  }

  async #ended() {
    const limit = setTimeout(() => process.kill(-this.child.pid, "SIGKILL"), PATIENCE);
    const [code, signal] = await new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (...end) => resolve(end));
    });
    clearTimeout(limit);
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }
}

/** What Claude Code says with `--output-format stream-json`. */
class Report {
  constructor(end) {
    this.end = end;
    this.events = end.stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  }

  /** The result, checked to be a good one. */
  get result() {
    const last = this.events.at(-1);
    const all = `${JSON.stringify(this.end)}`;
    assert.equal(this.end.code, 0, all);
    assert.equal(last?.type, "result", all);
    assert.equal(last.is_error, false, all);
    return last.result;
  }

  /** The blocks of all that the model has answered. */
  get blocks() {
    return this.events
      .filter((event) => event.type === "assistant")
      .flatMap((event) => event.message.content);
  }

  /** The results of tools. */
  get toolResults() {
    return this.events
      .filter((event) => event.type === "user")
      .flatMap((event) => event.message.content)
      .filter((block) => block.type === "tool_result");
  }

  ofSubtype(subtype) {
    return this.events.filter((event) => event.subtype === subtype);
  }
}

/** A prompt that tells the mock's scenario `calls` what to call: a list of calls for each step. */
export function callsOf(...steps) {
  const words = steps.map((calls) =>
    calls.map(([name, input]) => `${name}:${base64(input)}`).join("+"));
  return `calls: ${words.join(" ")}`;
}

function base64(input) {
  return Buffer.from(JSON.stringify(input)).toString("base64url");
}

/** Waits until a condition, which may be a promise, holds. */
export async function until(what, condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not within ${PATIENCE / 1000} s: ${what()}`);
    await pause(50);
  }
}
