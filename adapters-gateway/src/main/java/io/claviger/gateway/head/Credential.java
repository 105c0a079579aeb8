package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;
import io.claviger.gateway.errors.GuessedFormat;

/**
 * The access token of a request.
 *
 * @param asBearer whether it came by {@code Authorization: Bearer}, perhaps among others
 * @param look the API whose SDKs send it in this way
 */
public record Credential(
    TokenText token, boolean asBearer, GuessedFormat.CredentialPlacement look) {}
