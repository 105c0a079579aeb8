package io.claviger.application.accounts.port;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * A service account, with the details for the people who are responsible for it.
 *
 * @param liveTokens the number of the account's unexpired access tokens
 * @param oldestTokenAt when the oldest unexpired token was made
 * @param lastUsedAt when an unexpired token was last used
 */
public record ServiceAccount(
    User account, int liveTokens, Optional<Instant> oldestTokenAt, Optional<Instant> lastUsedAt) {}
