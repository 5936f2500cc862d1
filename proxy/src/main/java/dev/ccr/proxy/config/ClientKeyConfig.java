package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Client;

/**
 * A client and how his key is told. Prints without it.
 *
 * @param client who he is and what he may do
 * @param key the key itself, or {@link Secret#NONE} where the file has its digest only
 * @param sha256 the key's SHA-256: 64 hexadecimal digits in lower case
 */
public record ClientKeyConfig(Client client, Secret key, String sha256) {}
