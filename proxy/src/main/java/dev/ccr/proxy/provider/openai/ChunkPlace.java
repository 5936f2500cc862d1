package dev.ccr.proxy.provider.openai;

/** The objects and arrays of a chunk that are understood. */
enum ChunkPlace {
  /** Around the chunk, or in something unknown. */
  OUTSIDE,
  CHUNK,
  CHOICES,
  CHOICE,
  /** {@code delta} of a chunk, {@code message} of a whole completion. */
  DELTA,
  /** {@code content} as an array. */
  PARTS,
  PART,
  /** {@code thinking} of a part, as an array. */
  THINKING_PARTS,
  THINKING_PART,
  REASONING_DETAILS,
  REASONING_DETAIL,
  ANNOTATIONS,
  ANNOTATION,
  URL_CITATION,
  CALLS,
  CALL,
  FUNCTION,
  /** The call of a tool whose input is a text. */
  CUSTOM,
  /** {@code extra_content} of a call. */
  EXTRA_CONTENT,
  /** What Google adds to a call. */
  GOOGLE,
  USAGE,
  PROMPT_DETAILS,
  COMPLETION_DETAILS,
  /** {@code citations}: addresses alone. */
  CITATIONS,
  SEARCH_RESULTS,
  SEARCH_RESULT,
  ERROR,
  ERROR_METADATA
}
