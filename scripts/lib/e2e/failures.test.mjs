// What a client gets when something goes wrong: the SDK's error classes, and never half an answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Anthropic,
  BOUNDED,
  FAILURE,
  HELLO,
  PROVIDERS,
  WAYS,
  ask,
  client,
  onlyText,
  rejection,
} from "./support.mjs";

const { APIError, BadRequestError, RateLimitError, InternalServerError } = Anthropic;
const UPSTREAM_ERRORS = [
  { status: 429, errorClass: RateLimitError, says: "Rate limit reached.", retryAfter: "1" },
  { status: 500, errorClass: InternalServerError, says: "The server had an error." },
  { status: 529, errorClass: InternalServerError, says: "Overloaded" },
];

/** An upstream that speaks OpenAI's format and says 200 to what went wrong. */
const BEHIND_200 = [
  { scenario: "error-in-200", way: "a message", says: FAILURE },
  { scenario: "error-in-200", way: "a stream", says: FAILURE },
  { scenario: "error-midstream", way: "a message", says: FAILURE },
  { scenario: "html", way: "a message", says: "<!DOCTYPE html>" },
  { scenario: "html", way: "a stream", says: "<!DOCTYPE html>" },
];

const OVERFLOWS = {
  openai: "maximum context length is 128000 tokens",
  anthropic: "prompt is too long: 130512 tokens > 128000 maximum",
};

for (const [way, send] of Object.entries(WAYS)) {
  for (const provider of PROVIDERS) {
    for (const { status, errorClass, says, retryAfter = null } of UPSTREAM_ERRORS) {
      test(`${provider}: an upstream's ${status} fails ${way} with it`, BOUNDED, async () => {
        const error = await rejection(send(ask(provider, `error-${status}`)), errorClass);
        assert.equal(error.status, status);
        assert.equal(error.error.error.message, says);
        assert.equal(error.headers.get("retry-after"), retryAfter);
        assert.equal(error.headers.get("x-ccr-route"), "explicit");
        assert.equal(error.headers.get("x-ccr-provider"), provider);
        assert.equal(error.headers.get("x-ccr-model"), `error-${status}`);
        assert.match(error.requestID, /^req_\w+$/);
      });
    }

    test(`${provider}: too long a conversation fails ${way} as it is`, BOUNDED, async () => {
      const error = await rejection(send(ask(provider, "overflow")), BadRequestError);
      assert.equal(error.status, 400);
      assert.ok(error.error.error.message.includes(OVERFLOWS[provider]), error.message);
    });

    test(`${provider}: an upstream that breaks off fails ${way}`, BOUNDED, async () => {
      await rejection(send(ask(provider, "cut")), brokenOff(provider, way));
      await assertServes(provider);
    });
  }

  test(`an unknown provider fails ${way} as not found`, BOUNDED, async () => {
    const error = await rejection(send(ask("nobody", "hello")), Anthropic.NotFoundError);
    assert.equal(error.type, "not_found_error");
    assert.match(error.message, /nobody,hello/);
    assert.match(error.requestID, /^req_\w+$/);
  });
}

for (const { scenario, way, says } of BEHIND_200) {
  test(`openai: ${scenario} fails ${way} with a 502`, BOUNDED, async () => {
    const error = await rejection(WAYS[way](ask("openai", scenario)), InternalServerError);
    assert.equal(error.status, 502);
    assert.equal(error.type, "api_error");
    assert.ok(error.error.error.message.includes(says), error.message);
    assert.match(error.requestID, /^req_\w+$/);
    await assertServes("openai");
  });
}

test("anthropic: an error as the first event fails a stream", BOUNDED, async () => {
  const error = await rejection(WAYS["a stream"](ask("anthropic", "error-in-200")), APIError);
  assert.equal(error.type, "api_error");
  assert.equal(error.error.error.message, FAILURE);
});

for (const provider of PROVIDERS) {
  test(`${provider}: an error inside a stream fails it after its text`, BOUNDED, async () => {
    const stream = client().messages.stream(ask(provider, "error-midstream"));
    let text = "";
    stream.on("text", (delta) => (text += delta));
    const error = await rejection(stream.finalMessage(), APIError);
    assert.equal(text, "Hello! This");
    assert.equal(error.type, "api_error");
    assert.equal(error.error.error.message, FAILURE);
    await assertServes(provider);
  });

  test(`${provider}: an aborted stream ends at once and the router goes on`, BOUNDED, async () => {
    const controller = new AbortController();
    const stream = client().messages.stream(ask(provider, "slow"), { signal: controller.signal });
    stream.once("text", () => controller.abort());
    await rejection(stream.finalMessage(), Anthropic.APIUserAbortError);
    assert.ok(controller.signal.aborted, "no text came before the stream failed");
    await assertServes(provider);
  });

  test(`${provider}: a stream that is left in the middle does no harm`, BOUNDED, async () => {
    const stream = await client().messages.create({ ...ask(provider, "endless"), stream: true });
    let deltas = 0;
    for await (const event of stream) {
      deltas += event.type === "content_block_delta" ? 1 : 0;
      if (deltas === 10) {
        break; // the SDK closes the connection
      }
    }
    assert.equal(deltas, 10);
    await assertServes(provider);
  });
}

test("a wrong key is refused", BOUNDED, async () => {
  const stranger = client({ apiKey: "not-the-key" });
  const error = await rejection(
    stranger.messages.create(ask("openai", "hello")),
    Anthropic.AuthenticationError,
  );
  assert.equal(error.status, 401);
  assert.equal(error.type, "authentication_error");
  assert.doesNotMatch(error.message, /not-the-key/);
});

test("a wrong bearer token is refused", BOUNDED, async () => {
  const stranger = client({ apiKey: null, authToken: "not-the-key" });
  await rejection(
    stranger.messages.stream(ask("openai", "hello")).finalMessage(),
    Anthropic.AuthenticationError,
  );
});

/**
 * A message that is passed on as it comes has begun when it breaks: then only the broken connection
 * can tell, and the SDK lets fetch's own error through.
 */
function brokenOff(provider, way) {
  return provider === "anthropic" && way === "a message" ? Error : APIError;
}

async function assertServes(provider) {
  assert.equal(onlyText(await client().messages.create(ask(provider, "hello"))), HELLO);
}
