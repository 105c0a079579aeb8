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

  /**
   * Called if the step threw an exception that nobody expected. The call must end, and its secrets
   * must be wiped.
   */
  void failed(Throwable why);

  /**
   * Receives the outcome of a step that another step follows. If the first step refuses or fails,
   * the continuation of the following step receives that.
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
