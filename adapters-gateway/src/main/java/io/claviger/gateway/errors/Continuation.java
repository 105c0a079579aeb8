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

  /** Called if the step failed unexpectedly. The call must end, and its secrets must be wiped. */
  void failed(Throwable why);

  /**
   * A step that is followed by another one. The continuation of that one gets this step's refusal
   * or failure.
   */
  interface Before<T> extends Continuation<T> {
    Continuation<?> then();

    @Override
    default void refused(CallError why) {
      then().refused(why);
    }

    @Override
    default void failed(Throwable why) {
      then().failed(why);
    }
  }
}
