package dev.ccr.proxy.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name somebody probably meant. */
final class NearestName {
  private static final int MAX_EDITS = 2;

  private NearestName() {}

  /**
   * The candidate with the fewest edits, regardless of case: at most two, and at most one for every
   * two letters. The first of equals.
   *
   * @return {@code null} if none is near
   */
  static @Nullable String of(String name, Collection<String> candidates) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String nearest = null;
    int fewest = Math.min(MAX_EDITS, wanted.length() / 2) + 1;
    for (String candidate : candidates) {
      int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT), fewest);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** The Levenshtein distance, or {@code enough} if it is no smaller than that. */
  private static int edits(String from, String to, int enough) {
    if (Math.abs(from.length() - to.length()) >= enough) {
      return enough;
    }
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return Math.min(row[to.length()], enough);
  }
}
