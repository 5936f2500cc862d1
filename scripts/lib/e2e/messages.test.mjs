// What a client gets when everything goes well.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BOUNDED,
  HELLO,
  KEY,
  PROVIDERS,
  WEATHER,
  ask,
  assertUsage,
  client,
  onlyText,
} from "./support.mjs";

const HARD_TEXT = [
  "日本語と中文、한국어, ünï, e\u0301, \u2028",
  "👩‍👩‍👧‍👦 🇳🇴 𝄞",
  "\"quoted\" 'single' back\\slash /slash \\n \\u0041",
  '{"json":[1]}\t<tag>&amp;',
].join("\n");

/** How many blocks the scenarios answer with. */
const BLOCKS = { hello: 1, tool: 1, "parallel-tools": 2, thinking: 2 };

for (const provider of PROVIDERS) {
  test(`${provider}: a message has text, usage, stop reason and model`, BOUNDED, async () => {
    const message = await client().messages.create(ask(provider, "hello"));
    assert.equal(message.type, "message");
    assert.equal(message.role, "assistant");
    assert.match(message.id, /^msg_[\w-]+$/);
    assert.equal(onlyText(message), HELLO);
    assert.equal(message.stop_reason, "end_turn");
    assert.equal(message.stop_sequence, null);
    assert.equal(message.model, "hello");
    assertUsage(message.usage);
  });

  test(`${provider}: a streamed message is the sum of its deltas`, BOUNDED, async () => {
    const stream = client().messages.stream(ask(provider, "hello"));
    const deltas = [];
    stream.on("text", (delta) => deltas.push(delta));
    const message = await stream.finalMessage();
    assert.ok(deltas.length > 1, `one delta is no stream: ${JSON.stringify(deltas)}`);
    assert.equal(deltas.join(""), HELLO);
    assert.equal(onlyText(message), HELLO);
    assert.match(message.id, /^msg_[\w-]+$/);
    assert.equal(message.stop_reason, "end_turn");
    assert.equal(message.model, "hello");
    assertUsage(message.usage);
  });

  for (const [scenario, blocks] of Object.entries(BLOCKS)) {
    test(`${provider}: the events of ${scenario} come in their order`, BOUNDED, async () => {
      const events = await rawEvents({ ...ask(provider, scenario), tools: [WEATHER] });
      assertOrder(events, blocks);
    });
  }

  test(`${provider}: an answer cut by the token limit says so`, BOUNDED, async () => {
    const whole = await client().messages.create(ask(provider, "length"));
    assert.equal(whole.stop_reason, "max_tokens");
    const streamed = await client().messages.stream(ask(provider, "length")).finalMessage();
    assert.equal(streamed.stop_reason, "max_tokens");
    assert.equal(onlyText(streamed), onlyText(whole));
  });

  test(`${provider}: system, temperature and stop sequences are accepted`, BOUNDED, async () => {
    const body = {
      ...ask(provider, "hello"),
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      temperature: 0.5,
      top_p: 0.9,
      stop_sequences: ["END", "\n\n"],
      metadata: { user_id: "somebody" },
    };
    assert.equal(onlyText(await client().messages.create(body)), HELLO);
    const streamed = client().messages.stream({ ...body, system: "Be brief." });
    assert.equal(await streamed.finalText(), HELLO);
  });

  test(`${provider}: text of any script comes back unchanged`, BOUNDED, async () => {
    const body = ask(provider, "echo", HARD_TEXT);
    assert.equal(onlyText(await client().messages.create(body)), HARD_TEXT);
    assert.equal(await client().messages.stream(body).finalText(), HARD_TEXT);
  });

  test(`${provider}: 16 streams at once keep their answers apart`, BOUNDED, async () => {
    const one = client();
    const texts = Array.from({ length: 16 }, (_, i) => `stream ${i} `.repeat(50 + i));
    const answers = await Promise.all(
      texts.map((text) => one.messages.stream(ask(provider, "echo", text)).finalText()),
    );
    assert.deepEqual(answers, texts);
  });

  test(`${provider}: the beta endpoint takes its header and its query`, BOUNDED, async () => {
    const body = { ...ask(provider, "hello"), betas: ["interleaved-thinking-2025-05-14"] };
    const query = { query: { beta: true } }; // as Claude Code asks
    const { data, response } = await client().beta.messages.create(body, query).withResponse();
    assert.match(response.url, /\/v1\/messages\?beta=true$/);
    assert.equal(onlyText(data), HELLO);
    assert.equal(await client().beta.messages.stream(body, query).finalText(), HELLO);
    assert.equal(onlyText(await client().beta.messages.create(body)), HELLO);
  });

  for (const stream of [false, true]) {
    const kind = stream ? "stream" : "message";
    test(`${provider}: the headers of a ${kind} say who answered and why`, BOUNDED, async () => {
      const body = { ...ask(provider, "hello"), stream };
      const { data, response } = await client().messages.create(body).withResponse();
      if (stream) {
        for await (const event of data) {
          assert.ok(event.type);
        }
      }
      assert.equal(response.headers.get("x-ccr-route"), "explicit");
      assert.equal(response.headers.get("x-ccr-provider"), provider);
      assert.equal(response.headers.get("x-ccr-model"), "hello");
      assert.match(response.headers.get("request-id"), /^req_\w+$/);
      const type = response.headers.get("content-type");
      assert.ok(type.startsWith(stream ? "text/event-stream" : "application/json"), type);
    });
  }
}

test("a model without a provider goes to the default route", BOUNDED, async () => {
  const body = { ...ask("openai", "hello"), model: "claude" };
  const { data, response } = await client().messages.create(body).withResponse();
  assert.equal(onlyText(data), HELLO);
  assert.equal(response.headers.get("x-ccr-route"), "default");
  assert.equal(response.headers.get("x-ccr-provider"), "openai");
  assert.equal(response.headers.get("x-ccr-model"), "hello");
});

test("the key is taken as a bearer token too", BOUNDED, async () => {
  const bearer = client({ apiKey: null, authToken: KEY });
  assert.equal(onlyText(await bearer.messages.create(ask("openai", "hello"))), HELLO);
});

async function rawEvents(body) {
  const events = [];
  for await (const event of await client().messages.create({ ...body, stream: true })) {
    events.push(event);
  }
  return events;
}

/** message_start, then blocks one after the other, each closed, then message_delta and _stop. */
function assertOrder(events, expectedBlocks) {
  const types = events.map((event) => event.type);
  const shown = types.join(" ");
  assert.equal(types.at(0), "message_start", shown);
  assert.deepEqual(types.slice(-2), ["message_delta", "message_stop"], shown);
  let blocks = 0;
  let open = false;
  for (const event of events.slice(1, -2)) {
    assert.equal(event.index, blocks, `${event.type} of a wrong block in: ${shown}`);
    const starts = event.type === "content_block_start";
    assert.notEqual(open, starts, `${event.type} out of order in: ${shown}`);
    open = event.type !== "content_block_stop";
    blocks += open ? 0 : 1;
  }
  assert.ok(!open, `a block stays open in: ${shown}`);
  assert.equal(blocks, expectedBlocks, shown);
}
