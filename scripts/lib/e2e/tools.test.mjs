// Tools: their calls, their results, their choice and their names.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BOUNDED,
  HELLO,
  PROVIDERS,
  TOOL_ANSWER,
  WAYS,
  WEATHER,
  ask,
  assertUsage,
  client,
  kinds,
  onlyText,
  seen,
} from "./support.mjs";

/** As MCP servers have them: 85 characters, where OpenAI takes 64; two differ in the last only. */
const LONG_NAME = "mcp__a_server_with_a_long_name__".padEnd(84, "and_a_tool_") + "1";
const LONG = { ...WEATHER, name: LONG_NAME };
const LONG_TOO = { ...WEATHER, name: LONG_NAME.slice(0, -1) + "2" };

const CONVERSATIONS = { tool: ["Oslo"], "parallel-tools": ["Oslo", "Bergen"] };

/** What is called of WEATHER and LONG; nothing is if the model says hello instead. */
const CHOICES = [
  { scenario: "tool", choice: { type: "auto" }, called: WEATHER.name },
  { scenario: "tool", choice: { type: "none" }, called: null },
  { scenario: "needed-tool", choice: { type: "auto" }, called: null },
  { scenario: "needed-tool", choice: { type: "any" }, called: WEATHER.name },
  { scenario: "needed-tool", choice: { type: "tool", name: LONG_NAME }, called: LONG_NAME },
];

/** A turn that calls two tools, and one that brings the results: the second one is an error. */
const TURNS = [
  { role: "user", content: "What is the weather in Oslo and in Atlantis?" },
  { role: "assistant", content: [call("toolu_1", "Oslo"), call("toolu_2", "Atlantis")] },
  {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "toolu_1", content: "4 °C and rain" },
      { type: "tool_result", tool_use_id: "toolu_2", content: "no such city", is_error: true },
    ],
  },
];

const RESULTS_SEEN = {
  openai: ["user: text", "assistant: function, function", "tool: text", "tool: text"],
  anthropic: [
    "user: text",
    "assistant: tool_use, tool_use",
    "user: tool_result(text), tool_result(text)",
  ],
};

/** OpenAI's format has no field that says that a result is an error. */
const ERROR_HEARD = { openai: "Error: no such city", anthropic: "no such city" };

for (const provider of PROVIDERS) {
  for (const [way, send] of Object.entries(WAYS)) {
    for (const [scenario, cities] of Object.entries(CONVERSATIONS)) {
      test(`${provider}: ${scenario} in ${way} takes results and is answered`, BOUNDED, () =>
        converse(ask(provider, scenario, "What is the weather?"), cities, send));
    }

    for (const { scenario, choice, called } of CHOICES) {
      const name = `the choice ${choice.type} makes ${scenario} call ${called ?? "nothing"}`;
      test(`${provider}: ${name} in ${way}`, BOUNDED, async () => {
        const tools = [WEATHER, LONG, LONG_TOO];
        const message = await send({ ...ask(provider, scenario), tools, tool_choice: choice });
        if (called === null) {
          assert.equal(onlyText(message), HELLO);
        } else {
          assert.deepEqual(kinds(message), ["tool_use"]);
          assert.equal(message.content[0].name, called);
        }
      });
    }
  }

  test(`${provider}: results reach the upstream one by one`, BOUNDED, async () => {
    assert.deepEqual(await seen(provider, TURNS), RESULTS_SEEN[provider]);
  });

  test(`${provider}: a result that is an error is heard as one`, BOUNDED, async () => {
    const body = { ...ask(provider, "echo"), tools: [WEATHER], messages: TURNS };
    assert.equal(onlyText(await client().messages.create(body)), ERROR_HEARD[provider]);
  });
}

for (const stream of [false, true]) {
  const kind = stream ? "streams" : "messages";
  test(`openai: the SDK's tool runner goes on by ${kind} without a thread`, BOUNDED, async () => {
    const exchanges = [];
    const cities = [];
    const weather = {
      ...WEATHER,
      type: "custom",
      parse: (input) => input,
      run: ({ city }) => {
        cities.push(city);
        return "4 °C and rain";
      },
    };
    const runner = client({ fetch: recording(exchanges) }).beta.messages.toolRunner({
      ...ask("openai", "tool"),
      tools: [weather],
      stream,
    });
    const message = await runner.runUntilDone();
    assert.equal(onlyText(message), TOOL_ANSWER);
    assert.deepEqual(cities, ["Oslo"]);
    assert.deepEqual(exchanges, [
      { threaded: true, turns: 1, status: 400 },
      { threaded: false, turns: 1, status: 200 },
      { threaded: false, turns: 3, status: 200 },
    ]);
  });
}

function call(id, city) {
  return { type: "tool_use", id, name: WEATHER.name, input: { city } };
}

async function converse(question, cities, send) {
  const body = { ...question, tools: [WEATHER] };
  const calls = await send(body);
  assert.equal(calls.stop_reason, "tool_use");
  assert.deepEqual(
    calls.content.map(({ type, name, input }) => ({ type, name, input })),
    cities.map((city) => ({ type: "tool_use", name: WEATHER.name, input: { city } })),
  );
  const ids = calls.content.map((block) => block.id);
  assert.equal(new Set(ids).size, cities.length);
  ids.forEach((id) => assert.match(id, /^[\w-]+$/));
  assertUsage(calls.usage);

  const results = ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: "rain" }));
  const answer = await send({
    ...body,
    messages: [
      ...body.messages,
      { role: "assistant", content: calls.content },
      { role: "user", content: results },
    ],
  });
  assert.equal(onlyText(answer), TOOL_ANSWER);
  assert.equal(answer.stop_reason, "end_turn");
}

/** A fetch that notes of each request whether it has a thread, and what became of it. */
function recording(exchanges) {
  return async (url, init) => {
    const response = await fetch(url, init);
    const { thread, messages } = JSON.parse(init.body);
    exchanges.push({
      threaded: thread !== undefined,
      turns: messages.length,
      status: response.status,
    });
    return response;
  };
}
