package dev.ccr.proxy.model;

import java.net.URI;
import java.util.List;

/**
 * A configured provider, without its key.
 *
 * @param name as routes write it; unique regardless of case
 * @param url where requests are posted, an absolute http or https URL
 * @param models the models the configuration lists; may be empty
 */
public record Provider(String name, URI url, List<String> models) {

  public Provider {
    models = List.copyOf(models);
  }
}
