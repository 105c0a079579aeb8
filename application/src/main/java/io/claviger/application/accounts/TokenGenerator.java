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
    // A token's text needs 43 usable bytes, and about one byte in 32 is skipped. So 96 bytes
    // practically always suffice.
    return TokenText.of(random.next(96));
  }
}
