package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;

/**
 * The access token of a request.
 *
 * @param asBearer whether the request has the token in {@code Authorization: Bearer}; the request
 *     might have the token in other places, too
 */
public record Credential(TokenText token, boolean asBearer) {}
