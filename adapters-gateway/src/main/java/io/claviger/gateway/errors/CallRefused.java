package io.claviger.gateway.errors;

/**
 * Thrown to refuse a call while the gateway reads the request of the call. Contains the error that
 * the caller gets.
 */
public final class CallRefused extends RuntimeException {
  private final CallError error;

  public CallRefused(CallError error) {
    super(error.code(), null, false, false);
    this.error = error;
  }

  public CallError error() {
    return error;
  }
}
