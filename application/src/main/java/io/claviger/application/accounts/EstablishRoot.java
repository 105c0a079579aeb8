package io.claviger.application.accounts;

import io.claviger.domain.accounts.TokenText;
import java.util.Optional;

/**
 * Sees to it that somebody can administer this Claviger: the user {@code root}. It is called by who
 * starts the program, not by users.
 */
public interface EstablishRoot {
  /** Makes {@code root} an administrator whose token is the given one, which may have any shape. */
  void withTokenFromEnvironment(TokenText token);

  /** Makes {@code root} an administrator, without a token: for who runs Claviger in process. */
  void withoutToken();

  /**
   * At the first start, when there is no user yet, creates {@code root} and a token for it.
   *
   * @return the token; empty when there are users already
   */
  Optional<TokenText> atFirstStart();

  /**
   * Makes a new token for {@code root}, which is created or made administrator if need be, and
   * revokes the one made so before.
   */
  TokenText replaceCommandToken();
}
