package io.claviger.application.accounts.port;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * A service account, with the details for the people who are responsible for it.
 *
 * @param liveTokens how many of the account's access tokens have not expired
 * @param oldestTokenAt when the oldest of these tokens was made
 * @param lastUsedAt when one of these tokens was last used
 */
public record ServiceAccount(
    User account, int liveTokens, Optional<Instant> oldestTokenAt, Optional<Instant> lastUsedAt) {}
