package io.claviger.gateway.errors;

/** Refuses a call while its request is read, with the error that the caller gets. */
public final class CallRefused extends RuntimeException {
  private final transient CallError error;

  public CallRefused(CallError error) {
    super(error.code(), null, false, false);
    this.error = error;
  }

  public CallError error() {
    return error;
  }
}
