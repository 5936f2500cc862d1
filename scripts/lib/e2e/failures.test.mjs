// What a client gets when something goes wrong: the SDK's error classes, and never half an answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Anthropic,
  BOUNDED,
  HELLO,
  PROVIDERS,
  ask,
  client,
  onlyText,
  rejection,
} from "./support.mjs";

const { RateLimitError, InternalServerError } = Anthropic;
const UPSTREAM_ERRORS = [
  { status: 429, errorClass: RateLimitError, says: "Rate limit reached.", retryAfter: "1" },
  { status: 500, errorClass: InternalServerError, says: "The server had an error." },
  { status: 529, errorClass: InternalServerError, says: "Overloaded" },
];

/** Both ways to ask: each gives a promise of the whole message. */
const WAYS = {
  "a message": (body) => client().messages.create(body),
  "a stream": (body) => client().messages.stream(body).finalMessage(),
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

for (const provider of PROVIDERS) {
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
  return provider === "anthropic" && way === "a message" ? Error : Anthropic.APIError;
}

async function assertServes(provider) {
  assert.equal(onlyText(await client().messages.create(ask(provider, "hello"))), HELLO);
}
