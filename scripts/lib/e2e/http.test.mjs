// What the SDK cannot send, by plain HTTP: broken bodies, other paths, and probes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOUNDED, KEY, ROUTER, ask } from "./support.mjs";

test("a body that is not JSON is a 400 in the error envelope", BOUNDED, async () => {
  const response = await post("/v1/messages", '{"model":"openai,hello","messages":[');
  await assertEnvelope(response, 400, "invalid_request_error");
});

test("a body that is empty is a 400 in the error envelope", BOUNDED, async () => {
  await assertEnvelope(await post("/v1/messages", ""), 400, "invalid_request_error");
});

test("another path is a 404 in the error envelope", BOUNDED, async () => {
  const response = await post("/v1/nowhere", JSON.stringify(ask("openai", "hello")));
  await assertEnvelope(response, 404, "not_found_error");
});

test("a missing key is a 401 in the error envelope", BOUNDED, async () => {
  const body = JSON.stringify(ask("openai", "hello"));
  const response = await fetch(`${ROUTER}/v1/messages`, { method: "POST", body });
  await assertEnvelope(response, 401, "authentication_error");
});

test("/health says in JSON that the router is well, without a key", BOUNDED, async () => {
  const response = await fetch(`${ROUTER}/health`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type"), /^application\/json/);
  const health = await response.json();
  assert.equal(health.status, "ok");
  assert.match(health.version, /^\d+\.\d+\.\d+/);
  assert.ok(Number.isInteger(health.uptime_seconds) && health.uptime_seconds >= 0);
});

test("/health says OK to who asks for plain text", BOUNDED, async () => {
  const response = await fetch(`${ROUTER}/health`, { headers: { accept: "text/plain" } });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type"), /^text\/plain/);
  assert.equal(await response.text(), "OK");
});

for (const path of ["/", "/api/hello"]) {
  test(`HEAD ${path} is a 200 without a key and without a body`, BOUNDED, async () => {
    const response = await fetch(ROUTER + path, { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
  });
}

function post(path, body) {
  const headers = { "content-type": "application/json", "x-api-key": KEY };
  return fetch(ROUTER + path, { method: "POST", headers, body });
}

async function assertEnvelope(response, status, type) {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type"), /^application\/json/);
  const body = await response.json();
  assert.equal(body.type, "error");
  assert.equal(body.error.type, type);
  assert.ok(body.error.message.length > 0, "the message says nothing");
  assert.equal(body.request_id, response.headers.get("request-id"));
}
