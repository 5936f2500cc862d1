package dev.ccr.proxy.model;

/**
 * A model at a provider, written {@code provider,model}.
 *
 * @param provider a configured provider's name
 * @param model the provider's own name for the model; may hold commas, slashes and suffixes like
 *     {@code :online}
 */
public record ModelRef(String provider, String model) {

  /** Whether {@code text} names a provider and not a model alone. */
  public static boolean isExplicit(String text) {
    return text.indexOf(',') >= 0;
  }

  /**
   * Splits at the first comma; blanks around both halves are dropped.
   *
   * @throws IllegalArgumentException if there is no comma or a half is empty
   */
  public static ModelRef parse(String text) {
    int comma = text.indexOf(',');
    String provider = comma < 0 ? "" : text.substring(0, comma).strip();
    String model = comma < 0 ? "" : text.substring(comma + 1).strip();
    if (provider.isEmpty() || model.isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: provider,model)");
    }
    return new ModelRef(provider, model);
  }

  @Override
  public String toString() {
    return provider + "," + model;
  }
}
