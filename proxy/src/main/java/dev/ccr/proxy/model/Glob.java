package dev.ccr.proxy.model;

import java.util.Locale;

/**
 * A pattern for names, in which {@code *} stands for any characters, none included. Case does not
 * count. Matching takes no more steps than text times pattern, whatever both are.
 *
 * @param pattern in lower case
 */
public record Glob(String pattern) {

  /** Matches everything. */
  public static final Glob ANY = new Glob("*");

  public Glob {
    pattern = pattern.toLowerCase(Locale.ROOT);
  }

  public boolean matches(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < name.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++; // takes nothing at first, and one more whenever what follows does not fit
        retry = in;
      } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
