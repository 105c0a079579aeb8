package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;

/**
 * The access token of a request.
 *
 * @param asBearer whether it came by {@code Authorization: Bearer}, perhaps among others
 */
public record Credential(TokenText token, boolean asBearer) {}
