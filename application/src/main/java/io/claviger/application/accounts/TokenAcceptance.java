package io.claviger.application.accounts;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides which access tokens are valid. A well-formed token is valid if it is stored and has not
 * expired. The token from this node's environment is valid too, whatever its form. At the gateway,
 * imported tokens are valid as well.
 *
 * @param environment the hash of the token from the environment
 * @param imported the prefixes that decide which texts might be imported tokens; empty if imported
 *     tokens are refused
 */
public record TokenAcceptance(
    Optional<TokenHash> environment, Optional<ImportedPrefixes> imported) {
  /** Creates rules by which no imported tokens are accepted. */
  public TokenAcceptance(Optional<TokenHash> environment) {
    this(environment, Optional.empty());
  }

  /** Returns these rules for the API and the console, where imported tokens are refused. */
  TokenAcceptance withoutImported() {
    return new TokenAcceptance(environment);
  }

  /**
   * Whether the token has to be looked up in the database. A text without the form of a token need
   * not be looked up.
   */
  public boolean isWorthAsking(TokenText text, TokenHash hash) {
    return text.isWellFormed()
        || isEnvironments(hash)
        || (imported.isPresent() && imported.get().have(text));
  }

  /**
   * Whether the token might have to be looked up in the database. This method never blocks; {@link
   * #isWorthAsking}, which can block, makes the final decision.
   */
  public boolean mayBeWorthAsking(TokenText text, TokenHash hash) {
    return text.isWellFormed()
        || isEnvironments(hash)
        || (imported.isPresent() && imported.get().mayHave(text));
  }

  /**
   * Whether a token from the database is valid now. A token from the environment of another node is
   * not valid. An imported token is not valid if its text has the form of Claviger's own tokens.
   */
  public boolean accepts(AccessToken token, TokenText text, Instant now) {
    boolean fromHere =
        switch (token.origin()) {
          case ENVIRONMENT -> isEnvironments(text.hash());
          case IMPORTED -> imported.isPresent() && text.isImportable();
          default -> true;
        };
    return fromHere && !token.expiredAt(now);
  }

  private boolean isEnvironments(TokenHash hash) {
    return environment.isPresent() && environment.get().equals(hash);
  }
}
