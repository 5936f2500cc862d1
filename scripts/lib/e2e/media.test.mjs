// Images and documents: where they are when they reach the upstream.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOUNDED, PROVIDERS, WEATHER, seen } from "./support.mjs";

/** A PNG: one white pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==";
const PICTURE_URL = "https://example.com/picture.png";
const PAPER_URL = "https://example.com/paper.pdf";

const text = { type: "text", text: "What is this?" };
const image = base64("image", "image/png", PIXEL);
const imageByUrl = { type: "image", source: { type: "url", url: PICTURE_URL } };
const pdf = base64("document", "application/pdf", btoa("%PDF-1.4\n%%EOF\n"));
const pdfByUrl = { type: "document", source: { type: "url", url: PAPER_URL } };

const CASES = [
  {
    name: "images by their bytes and by their URL",
    messages: [{ role: "user", content: [image, imageByUrl, text] }],
    openai: [`user: image_url image/png, image_url ${PICTURE_URL}, text`],
    anthropic: [`user: image image/png, image ${PICTURE_URL}, text`],
  },
  {
    name: "an image inside a tool's result",
    messages: toolTurns([text, image], text),
    openai: ["user: text", "assistant: function", "tool: text", "user: image_url image/png, text"],
    anthropic: [
      "user: text",
      "assistant: tool_use",
      "user: tool_result(text, image image/png), text",
    ],
  },
  {
    name: "a tool's result that is an image and nothing else",
    messages: toolTurns([image]),
    openai: ["user: text", "assistant: function", "tool: text", "user: image_url image/png"],
    anthropic: ["user: text", "assistant: tool_use", "user: tool_result(image image/png)"],
  },
  {
    name: "a PDF",
    messages: [{ role: "user", content: [pdf, text] }],
    openai: ["user: file application/pdf, text"],
    anthropic: ["user: document application/pdf, text"],
  },
  {
    name: "a PDF inside a tool's result",
    messages: toolTurns([text, pdf]),
    openai: ["user: text", "assistant: function", "tool: text", "user: file application/pdf"],
    anthropic: [
      "user: text",
      "assistant: tool_use",
      "user: tool_result(text, document application/pdf)",
    ],
  },
  {
    name: "a PDF by its URL, of which OpenAI is told",
    messages: [{ role: "user", content: [pdfByUrl, text] }],
    openai: ["user: text, text"],
    anthropic: [`user: document ${PAPER_URL}, text`],
  },
];

for (const provider of PROVIDERS) {
  for (const { name, messages, [provider]: expected } of CASES) {
    test(`${provider}: ${name}`, BOUNDED, async () => {
      assert.deepEqual(await seen(provider, messages), expected);
    });
  }
}

function base64(type, mediaType, data) {
  return { type, source: { type: "base64", media_type: mediaType, data } };
}

/** A conversation whose tool answers with `content`; `more` follows in the same message. */
function toolTurns(content, ...more) {
  const id = "toolu_1";
  const use = { type: "tool_use", id, name: WEATHER.name, input: { city: "Oslo" } };
  return [
    { role: "user", content: "Show me the weather in Oslo." },
    { role: "assistant", content: [use] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content }, ...more] },
  ];
}
