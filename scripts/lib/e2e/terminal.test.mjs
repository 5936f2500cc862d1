// `ccr code` at a terminal: keys, sizes and the shell's job control.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { CCR, CLAUDE, FAKE, REAL, Running, UNHURRIED, User, until } from "./code.mjs";
import { HELLO } from "./support.mjs";

const SCRIPT = "/usr/bin/script"; // of util-linux
const skip = process.platform === "linux" && existsSync(SCRIPT) ? false : `no ${SCRIPT} here`;
const PROMPT = "the-shell> ";
const CTRL_C = "\x03";
const CTRL_Z = "\x1a";

/** A terminal with an interactive shell in it. */
class Terminal extends Running {
  constructor(user) {
    Object.assign(user.env, { TERM: "xterm-256color", SHELL: "/bin/sh", CCR });
    user.write(".inputrc", "set enable-bracketed-paste off\n");
    const shell = `PS1='${PROMPT}' exec bash --norc --noprofile -i`;
    super(SCRIPT, ["-qefc", shell, "/dev/null"], user, null);
  }

  /** Types, and from then on looks only at what is shown next. */
  type(text) {
    this.stdout = "";
    this.child.stdin.write(text);
  }

  /** Runs a command of the shell and gives what it prints. */
  async run(command) {
    await this.prompts();
    this.type(`${command}; echo "the-"end\r`);
    await this.says("the-end");
    await this.prompts();
    return this.stdout.split("\r\n").slice(1, -2).join("\n");
  }

  prompts() {
    return until(() => `a prompt in ${this.stdout}`, () => this.stdout.endsWith(PROMPT));
  }

  /** Waits for a text, wherever a program that draws on the screen has put its blanks. */
  shows(text) {
    const drawn = text.replace(/ /g, "");
    return until(
      () => `${text} in ${JSON.stringify(this.stdout)}`,
      () => this.stdout.replace(/\x1b\[[\d;?<>=]*[a-zA-Z]|\s/g, "").includes(drawn),
    );
  }

  async leave() {
    await this.prompts();
    this.type("exit\r");
    await this.ended;
  }
}

describe("terminal", { concurrency: 2, skip }, () => {
  test("terminal: Ctrl-C arrives once, and so does a new size", UNHURRIED, async () => {
    const terminal = new Terminal(new User(FAKE, { FAKE: "wait" }));
    const device = await terminal.run("tty");
    terminal.type(`"$CCR" code\r`);
    await terminal.says('"argv"');
    terminal.type(CTRL_C);
    await terminal.says('{"signals":["SIGINT"]}');
    execFileSync("stty", ["-F", device, "rows", "50", "cols", "123"]);
    await terminal.says('{"size":[123,50]}');
    assert.ok(!terminal.stdout.includes('["SIGINT","SIGINT"]'), terminal.stdout);
    terminal.type("go on\r");
    assert.equal(await terminal.run("echo $?"), "7");
    await terminal.leave();
  });

  test("terminal: a program that stops itself alone gives the shell back", UNHURRIED, async () => {
    const terminal = new Terminal(new User(FAKE, { FAKE: "stop" }));
    await terminal.prompts();
    terminal.type(`"$CCR" code\r`);
    await terminal.says("Stopped");
    await terminal.prompts();
    terminal.type("fg\r");
    await terminal.prompts();
    assert.equal(await terminal.run("echo $?"), "7");
    await terminal.leave();
  });

  test("terminal: Claude Code talks, is suspended, goes on and leaves", REAL, async () => {
    const user = new User(CLAUDE, { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: undefined });
    user.write(".claude.json", {
      hasCompletedOnboarding: true,
      projects: { [user.folder]: { hasTrustDialogAccepted: true } },
    });
    const terminal = new Terminal(user);
    await terminal.run("stty rows 40 cols 120");
    const before = await terminal.run("stty -g");

    terminal.type(`"$CCR" code --permission-mode default\r`);
    await terminal.shows("❯");
    const question = `Hello from ${user.word}`;
    terminal.type(question);
    await terminal.shows(question);
    terminal.type("\r");
    const models = async () => (await user.asked()).map(({ model }) => model).sort();
    // The title of the conversation is asked of the background's model.
    await until(models, async () => (await models()).join() === "background,hello");

    terminal.type(CTRL_Z);
    await terminal.says("Stopped");
    await terminal.prompts();
    terminal.type("fg\r");
    await terminal.shows(HELLO);

    while (!terminal.stdout.endsWith(PROMPT)) {
      terminal.type(CTRL_C);
      await until(
        () => `a hint or a prompt in ${JSON.stringify(terminal.stdout)}`,
        () => terminal.stdout.includes("again") || terminal.stdout.endsWith(PROMPT),
      );
    }
    assert.equal(await terminal.run("echo $?"), "0");
    assert.equal(await terminal.run("stty -g"), before);
    await terminal.leave();
  });
});
