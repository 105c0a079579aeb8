package io.claviger.gateway.errors;

/**
 * Receives how a step of a call ended. One of the methods is called, once, on the event loop of the
 * call.
 */
public interface Continuation<T> {
  /**
   * @param outcome owned by the callee from now on
   */
  void done(T outcome);

  void refused(CallError why);

  /** An unexpected failure. The call must end, and its secrets be wiped. */
  void failed(Throwable why);
}
