package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.WebSearchResult;
import java.util.ArrayList;
import java.util.List;

/** What the chunks of one answer say of the answer as a whole. */
final class ChatFacts {

  /** Kept from the first chunk that has them: they are the same in all. */
  String id = "";

  String model = "";

  /** Top-level {@code citations} and {@code search_results}, kept from the last that has them. */
  final List<WebSearchResult> citations = new ArrayList<>(0);

  final List<WebSearchResult> searchResults = new ArrayList<>(0);
}
