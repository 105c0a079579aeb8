package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;

/**
 * The access token of a request.
 *
 * @param asBearer whether the request has it in {@code Authorization: Bearer}, possibly in other
 *     places too
 */
public record Credential(TokenText token, boolean asBearer) {}
