// The real Claude Code behind `ccr code`: what it is told, what it does, what its user sees.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { CLAUDE, REAL, User, callsOf } from "./code.mjs";
import { HELLO, THOUGHT, TOOL_ANSWER } from "./support.mjs";

const FREELY = ["--permission-mode", "bypassPermissions"];
const CALLS = ["--model", "openai,calls", ...FREELY];

/**
 * Whatever upstream it comes from, Claude Code itself makes a letter of a written \u0041 and drops
 * blanks at the ends of lines; so there are none.
 */
const NASTY = [
  "\"double\" 'single' `back` ${dollar} \\ \\\\ \\n \\x41 \\\" /\\/",
  "\ttab\t\ttabs\tand  blanks",
  "ünï é e\u0301 日本語 한국어 \u2028 \u2029 \u00a0 \ufeff \u200d",
  "😀 👩‍👩‍👧‍👦 🇳🇴 𝄞 \u{10ffff}",
  "<tag attribute=\"&amp;\">{\"json\":[1,\"\\\"\"]}</tag>",
  "a line of Windows\r\nand one more\r",
  "\x7f \x01 \x1b[0m",
  "",
  "",
].join("\n");

/** 20 KB in which no line is like another. */
const LONG = Array.from({ length: 300 }, (_, i) => `${i}: \\${"\"é😀\t\\".repeat(1 + (i % 8))}|`)
  .join("\n")
  .padEnd(20 * 1024, "end");

describe("claude", { concurrency: 2, skip: REAL.skip }, () => {
  test("claude: a question is answered", REAL, async () => {
    const { code, stdout, stderr } = await new User(CLAUDE).ccr(["code", "-p", "Hello?"]);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${HELLO}\n`, stderr: "" });
  });

  test("claude: a question is answered as a stream of JSON", REAL, async () => {
    const report = await new User(CLAUDE).ask("Hello?");
    assert.equal(report.result, HELLO);
    assert.deepEqual(report.blocks, [{ type: "text", text: HELLO }]);
    const { input_tokens, cache_read_input_tokens, output_tokens } = report.events.at(-1).usage;
    assert.deepEqual([input_tokens, cache_read_input_tokens, output_tokens], [20, 5, 7]);
  });

  for (const [name, content] of Object.entries({ nasty: NASTY, long: LONG })) {
    for (const provider of ["openai", "anthropic"]) {
      test(`claude: ${provider} writes a ${name} file as it is told`, REAL, async () => {
        const user = new User(CLAUDE);
        const file = user.path("file.txt");
        const prompt = callsOf([["Write", { file_path: file, content }]]);
        const report = await user.ask(prompt, "--model", `${provider},calls`, ...FREELY);
        assert.equal(report.result, TOOL_ANSWER);
        assertSame(report.blocks[0].input.content, content);
        assertSame(readFileSync(file, "utf8"), content);
      });
    }
  }

  test("claude: two calls in one answer are both made", REAL, async () => {
    const user = new User(CLAUDE);
    const files = [user.path("a.txt"), user.path("b.txt")];
    const writes = files.map((file) => ["Write", { file_path: file, content: `in ${file}\n` }]);
    const report = await user.ask(callsOf(writes), ...CALLS);
    assert.equal(report.result, TOOL_ANSWER);
    files.forEach((file) => assert.equal(readFileSync(file, "utf8"), `in ${file}\n`));
    const [, second] = await user.asked();
    assert.deepEqual(turns(second).slice(-3), ["assistant: 1 2", "tool: 1", "tool: 2"]);
  });

  test("claude: five steps in a row are made one after the other", REAL, async () => {
    const user = new User(CLAUDE);
    const file = user.path("steps.txt");
    const prompt = callsOf(
      [["Write", { file_path: file, content: "one\n" }]],
      [["Bash", { command: `echo two >> ${file}`, description: "Adds a line" }]],
      [["Read", { file_path: file }]],
      [["Edit", { file_path: file, old_string: "one", new_string: "three" }]],
      [["Bash", { command: `cat ${file}`, description: "Shows it" }]],
    );
    const report = await user.ask(prompt, ...CALLS);
    assert.equal(report.result, TOOL_ANSWER);
    assert.equal(report.toolResults.at(-1).content, "three\ntwo");
    assert.ok(!report.toolResults.some((result) => result.is_error));
    const requests = await user.asked();
    assert.equal(requests.length, 6);
    const steps = [1, 2, 3, 4, 5].flatMap((step) => [`assistant: ${step}`, `tool: ${step}`]);
    assert.deepEqual(turns(requests.at(-1)).slice(-10), steps);
  });

  test("claude: a thought is shown, and goes back with the conversation", REAL, async () => {
    const user = new User(CLAUDE);
    const report = await user.ask("Hello?", "--model", "deepseek,thinking");
    assert.equal(report.result, HELLO);
    assert.deepEqual(
      report.blocks.map((block) => block.thinking ?? block.text),
      [THOUGHT, HELLO],
    );

    const next = await user.ask("And now?", "--model", "deepseek,thinking", "--continue");
    assert.equal(next.result, HELLO);
    const [, second] = await user.asked();
    const said = second.messages.find((message) => message.role === "assistant");
    assert.deepEqual([said.reasoning_content, said.content], [THOUGHT, HELLO]);
  });

  test("claude: an upstream that has had enough is asked again when it says", REAL, async () => {
    const user = new User(CLAUDE);
    const report = await user.ask("Hello?", "--model", "openai,error-429+hello");
    assert.equal(report.result, HELLO);
    const [retry, ...more] = report.ofSubtype("api_retry");
    assert.equal(more.length, 0);
    assert.equal(retry.error_status, 429);
    assert.ok(retry.retry_delay_ms >= 1000, `retry-after is 1 s: ${retry.retry_delay_ms} ms`);
    assert.equal((await user.asked()).length, 2);
  });

  test("claude: what an upstream refuses is said, and fails", REAL, async () => {
    const args = ["code", "-p", "Hello?", "--model", "openai,error-402"];
    const { code, stdout } = await new User(CLAUDE).ccr(args);
    assert.equal(code, 1);
    assert.match(stdout, /402 Insufficient Balance/);
  });

  test("claude: of a cut answer nothing stays", REAL, async () => {
    const user = new User(CLAUDE);
    const report = await user.ask("Hello?", "--model", "openai,cut+hello");
    assert.equal(report.result, HELLO);
    assert.deepEqual(report.blocks, [{ type: "text", text: HELLO }]);
    assert.equal((await user.asked()).length, 2);
  });

  test("claude: a cut call is not made", REAL, async () => {
    const user = new User(CLAUDE);
    const file = user.path("log.txt");
    const prompt = callsOf([["Bash", { command: `echo made >> ${file}`, description: "Logs" }]]);
    const report = await user.ask(prompt, "--model", "openai,calls-cut+calls", ...FREELY);
    assert.equal(report.result, TOOL_ANSWER);
    assert.equal(readFileSync(file, "utf8"), "made\n");
    assert.equal(report.toolResults.length, 1);
  });

  for (const { name, options, input = "Hello?", asked } of [
    { name: "the default model", options: [], asked: "hello" },
    { name: "the background's", options: ["--model", "haiku"], asked: "background" },
    { name: "the one it names", options: ["--model", "openai,xyz"], asked: "xyz" },
    { name: "the long context's", options: [], input: "word ".repeat(60_000), asked: "long-context" },
  ]) {
    test(`claude: ${name} is asked of the upstream`, REAL, async () => {
      const user = new User(CLAUDE);
      const report = await user.ask(input, ...options);
      assert.equal(report.result, HELLO);
      assert.deepEqual((await user.asked()).map(({ model }) => model), [asked]);
    });
  }

  test("claude: nothing of a user's own leads past the router", REAL, async () => {
    const elsewhere = {
      ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
      ANTHROPIC_API_KEY: "the-user's-own",
      ANTHROPIC_AUTH_TOKEN: "the-user's-own",
      CLAUDE_CODE_USE_BEDROCK: "1",
      HTTP_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "example.com",
    };
    const user = new User(CLAUDE, { ...elsewhere, http_proxy: "http://127.0.0.1:9" });
    user.write(".claude/settings.json", { env: elsewhere });
    user.write("project/.claude/settings.json", { env: elsewhere });
    assert.equal((await user.ask("Hello?")).result, HELLO);
    assert.equal((await user.asked()).length, 1);
  });
});

/** The turns with calls and results of a chat request: `assistant: 1 2`, `tool: 1`. */
function turns({ messages }) {
  const number = (id) => Number(id.match(/(\d+)$/)[1]);
  return messages
    .filter(({ role, tool_calls: calls }) => role === "tool" || calls)
    .map(({ role, tool_calls: calls, tool_call_id: id }) =>
      `${role}: ${(calls ? calls.map((call) => call.id) : [id]).map(number).join(" ")}`);
}

/** Says where two long texts differ, not what they are. */
function assertSame(actual, expected) {
  if (actual !== expected) {
    let at = 0;
    while (actual[at] === expected[at]) {
      at++;
    }
    const around = (text) => text.slice(Math.max(0, at - 40), at + 40);
    assert.equal(around(actual), around(expected), `at ${at}`);
  }
}
