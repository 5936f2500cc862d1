// What all cases share: where the router is, the clients, and what the mock upstream answers.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The SDK lives in a cache outside the repository, so it is found from there. */
const require = createRequire(join(setting("CCR_E2E_SDK"), "package.json"));
const sdk = require("@anthropic-ai/sdk");

/** The router's address, without a slash at its end. */
export const ROUTER = setting("CCR_E2E_ROUTER");

/** The key the router wants. */
export const KEY = setting("CCR_E2E_KEY");

export const PROVIDERS = ["openai", "anthropic"];

/** The bound of one test: less than the 20 s of the scenario `slow`. */
export const BOUNDED = { timeout: 15_000 };

/** What the scenarios of the mock upstream answer. */
export const HELLO = "Hello! This is the mock upstream.";
export const THOUGHT = "They said hello, so I greet them.";
export const SIGNATURE = "c2lnbmVkIGJ5IHRoZSBtb2Nr";
export const FAILURE = "Provider returned error";
export const TOOL_ANSWER = "The tool result came: thank you.";
export const USAGE = { input_tokens: 20, cache_read_input_tokens: 5, output_tokens: 7 };

export const WEATHER = {
  name: "get_weather",
  description: "Says what the weather is like in a city.",
  input_schema: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  },
};

export const { Anthropic } = sdk;

/** A client that says every failure at once instead of trying again. */
export function client(options = {}) {
  return new Anthropic({ baseURL: ROUTER, apiKey: KEY, maxRetries: 0, ...options });
}

/** The parameters of a short request to a scenario of the mock. */
export function ask(provider, scenario, text = "Hello?") {
  return {
    model: `${provider},${scenario}`,
    max_tokens: 100,
    messages: [{ role: "user", content: text }],
  };
}

/** Both ways to ask: each gives a promise of the whole message. */
export const WAYS = {
  "a message": (body) => client().messages.create(body),
  "a stream": (body) => client().messages.stream(body).finalMessage(),
};

/** What the upstream saw of these messages: the parts of each, as the scenario `parts` says it. */
export async function seen(provider, messages) {
  const message = await client().messages.create({ ...ask(provider, "parts"), messages });
  return onlyText(message).split(" | ");
}

/** The types of a message's blocks. */
export function kinds(message) {
  return message.content.map((block) => block.type);
}

/** The text of a message that has one block, of text. */
export function onlyText(message) {
  assert.deepEqual(kinds(message), ["text"]);
  return message.content[0].text;
}

/** Checks the figures that every answer of the mock has. */
export function assertUsage(usage) {
  const { input_tokens, cache_read_input_tokens, output_tokens } = usage;
  assert.deepEqual({ input_tokens, cache_read_input_tokens, output_tokens }, USAGE);
}

/** Awaits the rejection of a promise with an error of this class of the SDK, and returns it. */
export async function rejection(promise, errorClass) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    assert.ok(error instanceof errorClass, `${errorClass.name} expected, but came: ${error.stack}`);
    return error;
  }
  assert.fail(`${errorClass.name} expected, but this was answered: ${JSON.stringify(answer)}`);
}

/** A variable that scripts/e2e sets. */
export function setting(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name}: not set (expected: cases are run by scripts/e2e, which sets it)`);
  }
  return value;
}

// A case that leaves a connection open must not keep its process for ever.
setTimeout(() => {
  console.error("this file did not end within 10 minutes");
  process.exit(1);
}, 600_000).unref();
