// The real Claude Code behind `ccr code`: what it is told, what it does, what its user sees.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
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
});

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
