package io.claviger.gateway.errors;

/**
 * Receives the outcome of a step of a call. Exactly one of the methods is called, once, on the
 * event loop of the call.
 */
public interface Continuation<T> {
  /**
   * @param outcome owned by the callee from now on
   */
  void done(T outcome);

  void refused(CallError why);

  /** The step failed unexpectedly. The call must end, and its secrets must be wiped. */
  void failed(Throwable why);
}
