package io.claviger.gateway.errors;

/** Ends a call while its request is being read; carries what the caller is answered. */
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
