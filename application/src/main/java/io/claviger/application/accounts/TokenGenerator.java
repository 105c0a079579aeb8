package io.claviger.application.accounts;

import io.claviger.application.accounts.port.RandomBytes;
import io.claviger.domain.accounts.TokenText;

/** Makes the texts of new access tokens. */
final class TokenGenerator {
  private final RandomBytes random;

  TokenGenerator(RandomBytes random) {
    this.random = random;
  }

  TokenText next() {
    // One byte in 32 is passed over; that 53 of 96 would be is out of the question.
    return TokenText.of(random.next(96));
  }
}
