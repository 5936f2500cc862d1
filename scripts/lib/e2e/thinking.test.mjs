// Thinking: it comes before the text, and the conversation goes on with it.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BOUNDED,
  HELLO,
  PROVIDERS,
  SIGNATURE,
  THOUGHT,
  WAYS,
  ask,
  assertUsage,
  client,
  kinds,
  seen,
} from "./support.mjs";

const THINKING = { max_tokens: 2048, thinking: { type: "enabled", budget_tokens: 1024 } };

/** Chat upstreams sign nothing, and plain ones take no thoughts back. */
const EXPECTED = {
  openai: { signature: "", again: "assistant: text" },
  anthropic: { signature: SIGNATURE, again: "assistant: thinking, text" },
};

for (const provider of PROVIDERS) {
  const { signature, again } = EXPECTED[provider];

  for (const [way, send] of Object.entries(WAYS)) {
    test(`${provider}: ${way} has its thought first, and takes it back`, BOUNDED, async () => {
      const question = { ...ask(provider, "thinking"), ...THINKING };
      const message = await send(question);
      assert.deepEqual(kinds(message), ["thinking", "text"]);
      const [thought, text] = message.content;
      assert.equal(thought.thinking, THOUGHT);
      assert.equal(thought.signature, signature);
      assert.equal(text.text, HELLO);
      assert.equal(message.stop_reason, "end_turn");
      assertUsage(message.usage);

      const turns = await seen(provider, [
        ...question.messages,
        { role: "assistant", content: message.content },
        { role: "user", content: "And then?" },
      ]);
      assert.deepEqual(turns, ["user: text", again, "user: text"]);
    });
  }

  test(`${provider}: a streamed thought comes in deltas, before the text`, BOUNDED, async () => {
    const stream = client().messages.stream({ ...ask(provider, "thinking"), ...THINKING });
    const deltas = [];
    stream.on("thinking", (delta) => deltas.push(["thinking", delta]));
    stream.on("text", (delta) => deltas.push(["text", delta]));
    await stream.done();
    const kindOf = deltas.map(([kind]) => kind);
    const firstText = kindOf.indexOf("text");
    assert.ok(firstText > 1, `no stream of thoughts: ${JSON.stringify(deltas)}`);
    assert.equal(kindOf.lastIndexOf("thinking"), firstText - 1);
    assert.equal(joined(deltas.slice(0, firstText)), THOUGHT);
    assert.equal(joined(deltas.slice(firstText)), HELLO);
  });
}

function joined(deltas) {
  return deltas.map(([, delta]) => delta).join("");
}
