package dev.ccr.proxy.tokens;

/** How a range of a body is to be read. */
enum Form {
  /** The inside of a JSON string: what it says counts. */
  STRING,
  /** A JSON value, or a part of one: it counts as compact JSON. */
  JSON
}
