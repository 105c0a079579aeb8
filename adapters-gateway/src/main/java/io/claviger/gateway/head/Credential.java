package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;

/**
 * The access token of a request.
 *
 * @param asBearer whether it came in {@code Authorization: Bearer}, perhaps in other places too
 */
public record Credential(TokenText token, boolean asBearer) {}
