package io.claviger.stub;

/**
 * A call a provider would refuse with 400; the message says why. Thrown only before anything was
 * answered.
 */
final class BadCall extends RuntimeException {
  BadCall(String why) {
    super(why);
  }
}
