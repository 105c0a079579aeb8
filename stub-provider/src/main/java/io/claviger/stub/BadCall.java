package io.claviger.stub;

/**
 * A provider would refuse this call with 400. The message says why. It is thrown only before a
 * response begins.
 */
final class BadCall extends RuntimeException {
  BadCall(String why) {
    super(why);
  }
}
