package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Imports access tokens that another system issued. Claviger has only the SHA-256 of each of these
 * tokens. The gateway accepts these tokens, so that programs work unchanged after a move from the
 * other system.
 */
public interface ImportedTokens {
  /** The lifetime of imported tokens unless the operator sets another lifetime. */
  Duration LIFETIME = Duration.ofDays(90);

  /** The maximum number of different prefixes of imported tokens. */
  int MOST_PREFIXES = 64;

  /**
   * Adds many tokens in one transaction, and checks each prefix only once. Use a separate object
   * for each transaction. The object is not thread-safe.
   */
  static ImportedTokens inOneTransaction(AccessTokenStore tokens, Ids ids) {
    Set<TokenPrefix> allowed = new HashSet<>();
    return wanted -> {
      TokenPrefix prefix = wanted.imported().prefix();
      if (!allowed.contains(prefix)) {
        List<TokenPrefix> inUse = tokens.importedPrefixes(wanted.now(), MOST_PREFIXES);
        if (inUse.size() == MOST_PREFIXES && !inUse.contains(prefix)) {
          return new Added.TooManyPrefixes();
        }
      }
      AccessToken token =
          AccessToken.imported(
              new AccessToken.Id(ids.next()),
              wanted.owner(),
              wanted.name(),
              wanted.imported(),
              wanted.restriction(),
              wanted.limits(),
              wanted.now(),
              wanted.expiresAt());
      if (tokens.add(token, wanted.hash())) {
        boolean unused = allowed.add(prefix);
        return new Added.New(token);
      }
      return tokens
          .find(wanted.hash())
          .map(AccessTokenStore.Presented::token)
          .filter(known -> known.user().equals(wanted.owner()))
          .filter(
              known ->
                  known
                      .imported()
                      .map(AccessToken.Imported::from)
                      .equals(Optional.of(wanted.imported().from())))
          .<Added>map(Added.Known::new)
          .orElseGet(Added.Taken::new);
    };
  }

  /**
   * Returns the expiry of an imported token: the end of the given lifetime, or the time at which
   * the token would have expired in the other system, whichever comes first.
   */
  static Instant expiry(Instant now, Duration lifetime, Optional<Instant> there) {
    Instant end = now.plus(lifetime);
    return there.filter(end::isAfter).orElse(end);
  }

  /**
   * Adds a token, unless the token was already imported. Call this method in the import's
   * transaction. This transaction also records the token in the audit trail.
   */
  Added add(NewImportedToken wanted);

  /**
   * A token to import.
   *
   * @param hash the SHA-256 of the text
   * @param imported the other system, and the beginning of the token's text
   * @param restriction the only service for which the token can be used; if empty, the token can be
   *     used for all services
   */
  record NewImportedToken(
      User.Id owner,
      TokenName name,
      TokenHash hash,
      AccessToken.Imported imported,
      Optional<TokenRestriction> restriction,
      Limits limits,
      Instant now,
      Instant expiresAt) {}

  /** The result of importing one token. */
  sealed interface Added {
    record New(AccessToken token) implements Added {}

    /**
     * The owner already has this token, imported from the same system. An import of such a token
     * changes nothing.
     */
    record Known(AccessToken token) implements Added {}

    /**
     * Somebody else has a token with this text, or the owner has a token with this text that was
     * not imported from the same system.
     */
    record Taken() implements Added {}

    /**
     * The text begins with a new prefix, but the maximum number of prefixes is already in use. The
     * token is not imported, because the gateway would never look it up.
     */
    record TooManyPrefixes() implements Added {}
  }
}
