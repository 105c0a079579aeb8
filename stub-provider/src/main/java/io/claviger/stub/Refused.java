package io.claviger.stub;

/**
 * Thrown for a call that a provider would refuse. The exception is thrown only before a response
 * begins.
 */
final class Refused extends RuntimeException {
  private final StubResponse response;

  Refused(StubResponse response) {
    super("refused with " + response.status());
    this.response = response;
  }

  StubResponse response() {
    return response;
  }
}
