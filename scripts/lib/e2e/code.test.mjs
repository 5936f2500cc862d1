// `ccr code` itself, with a program in Claude Code's place where the real one would hide something.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { constants } from "node:os";
import { describe, test } from "node:test";
import { CLAUDE, FAKE, MOCK, REAL, UNHURRIED, User, until } from "./code.mjs";
import { HELLO, KEY, ROUTER } from "./support.mjs";

const ARGUMENTS = [
  [],
  ["--resume", "x", "--help"],
  ["-v"],
  ["--version", "start", "stop"],
  ["", "a b", " ", "it's", '"quoted"', "--", "-p", "--settings", ""],
  ["ünï 😀 日本語", "two\nlines\ttab", "$HOME ${HOME} %PATH% `ls` $(ls)", "*", "\\", "a\\ b", "!!"],
];

const CLIENTS = 8;

describe("code", { concurrency: 2 }, () => {
  for (const args of ARGUMENTS) {
    test(`code: ${JSON.stringify(args)} is handed on as it is`, UNHURRIED, async () => {
      const user = new User(FAKE);
      const { code, stdout, stderr } = await user.ccr(["code", ...args]);
      assert.deepEqual([code, stderr], [0, ""]);
      const { argv, cwd, url, token } = JSON.parse(stdout);
      const [option, settings, ...rest] = argv;
      assert.equal(option, "--settings");
      assert.ok(existsSync(settings), settings);
      assert.deepEqual(rest, args);
      assert.deepEqual([cwd, url, token], [user.folder, ROUTER, KEY]);
    });
  }

  for (const args of [["--settings", "{}", "-p"], ["-p", "--settings={}"]]) {
    test(`code: a user's own ${args.join(" ")} stays alone`, UNHURRIED, async () => {
      const { stdout } = await new User(FAKE).ccr(["code", ...args]);
      assert.deepEqual(JSON.parse(stdout).argv, args);
    });
  }

  for (const status of [0, 1, 2, 3, 127, 128, 255]) {
    test(`code: exits with ${status} as the program does`, UNHURRIED, async () => {
      const { code } = await new User(FAKE, { FAKE: `exit:${status}` }).ccr(["code"]);
      assert.equal(code, status);
    });
  }

  for (const signal of ["SIGHUP", "SIGINT", "SIGKILL", "SIGTERM", "SIGUSR2"]) {
    const status = 128 + constants.signals[signal];
    test(`code: exits with ${status} if the program dies of ${signal}`, UNHURRIED, async () => {
      const { code } = await new User(FAKE, { FAKE: `die:${signal}` }).ccr(["code"]);
      assert.equal(code, status);
    });
  }

  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
    test(`code: hands ${signal} on and waits for the program`, UNHURRIED, async () => {
      const run = new User(FAKE, { FAKE: "wait" }).start(["code"], null);
      await run.says('"argv"');
      run.kill(signal);
      await run.says(JSON.stringify({ signals: [signal] }));
      run.child.stdin.end("go on");
      assert.equal((await run.ended).code, 7);
    });
  }

  test("code: a program that is not there is said", UNHURRIED, async () => {
    const { code, stdout, stderr } = await new User("/nowhere/claude").ccr(["code", "-p"]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^CLAUDE_PATH: \/nowhere\/claude \(expected: a program\)\n/);
  });

  test(`code: ${CLIENTS} clients at once start one router, and leave none`, REAL, async () => {
    const user = await withOwnRouter({});
    const runs = Array.from({ length: CLIENTS }, () => user.ccr(["code", "-p", "Hello?"]));
    for (const { code, stdout, stderr } of await Promise.all(runs)) {
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${HELLO}\n`, stderr: "" });
    }
    assert.equal((await user.asked()).length, CLIENTS);
    await assertStartedOnceAndGone(user);
  });

  test("code: a router for all addresses is reached with its key", REAL, async () => {
    const user = await withOwnRouter({ HOST: "0.0.0.0", APIKEY: "a-key-of-its-own" });
    const { code, stdout, stderr } = await user.ccr(["code", "-p", "Hello?"]);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${HELLO}\n`, stderr: "" });
    await assertStartedOnceAndGone(user);
  });
});

/** A user whose router does not run yet, and has nobody else. */
async function withOwnRouter(server) {
  const user = new User(CLAUDE, { XDG_STATE_HOME: undefined, CCR_CONFIG_PATH: undefined });
  user.write(".claude-code-router/config.json", {
    PORT: await freePort(),
    ...server,
    Providers: [
      { name: "openai", api_base_url: `${MOCK}/v1/chat/completions`, api_key: "openai-key" },
    ],
    Router: { default: "openai,hello" },
  });
  return user;
}

async function assertStartedOnceAndGone(user) {
  await until(() => "ccr status says that no router runs", async () => {
    const { code } = await user.ccr(["status"]);
    return code === 3;
  });
  const started = user.read(".claude-code-router/logs/start.out").match(/^ccr answers on /gm);
  assert.equal(started.length, 1);
}

/** One that no outgoing connection gets meanwhile. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "0.0.0.0", () => server.close(() => resolve(true)));
    });
    if (free) {
      return port;
    }
  }
}
