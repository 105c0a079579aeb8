package io.claviger.gateway.errors;

/**
 * Receives the outcome of a step of a call. Exactly one of the two methods is called, and only
 * once, on the event loop of the call.
 */
public interface Continuation<T> {
  /**
   * @param outcome the outcome of the step; the callee has to release it
   */
  void done(T outcome);

  void refused(CallError why);

  /**
   * Called if the step threw an exception that nobody expected. The receiver must end the call and
   * erase the secrets of the call.
   */
  void failed(Throwable why);

  /**
   * Receives the outcome of a step that is followed by another step. If this step refuses or fails,
   * the refusal or failure goes directly to {@link #then}.
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
