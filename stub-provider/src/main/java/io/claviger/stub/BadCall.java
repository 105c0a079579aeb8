package io.claviger.stub;

/**
 * Thrown for a call that a provider would refuse with status 400. The message says why the call is
 * refused. The exception is thrown only before a response begins.
 */
final class BadCall extends RuntimeException {
  BadCall(String why) {
    super(why);
  }
}
