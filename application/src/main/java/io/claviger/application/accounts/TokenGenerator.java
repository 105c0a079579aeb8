package io.claviger.application.accounts;

import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.TokenText;

/** Generates the texts of new access tokens. */
public final class TokenGenerator {
  private final RandomBytes random;

  public TokenGenerator(RandomBytes random) {
    this.random = random;
  }

  public TokenText next() {
    // A token's text uses 43 of these 96 bytes and skips about one in 32, so they practically
    // always suffice.
    return TokenText.of(random.next(96));
  }
}
