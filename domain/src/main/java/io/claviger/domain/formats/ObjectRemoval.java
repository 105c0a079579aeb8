package io.claviger.domain.formats;

import java.util.Optional;

/**
 * A way to remove an object at its provider.
 *
 * @param cancel stops what the object is doing. It comes first
 * @param delete deletes it; empty if the API can only stop it
 */
public record ObjectRemoval(Optional<Request> cancel, Optional<Request> delete) {
  /**
   * A request without a body.
   *
   * @param path below the service's endpoint
   */
  public record Request(String method, String path) {}

  /** What an answer says about a request that removes something. */
  public enum Answer {
    DONE,
    /** There is no such object. */
    ABSENT,
    /** The same request would be refused again. */
    REFUSED,
    /** A later attempt may succeed: the provider, the network or the key is at fault. */
    NOT_NOW;

    /**
     * @param status of the answer; 0 if there was none
     */
    public static Answer of(int status) {
      return switch (status) {
        case 404, 410 -> ABSENT;
        case 401, 402, 403, 407, 408, 423, 425, 429 -> NOT_NOW;
        default ->
            status >= 200 && status < 300
                ? DONE
                : status >= 400 && status < 500 ? REFUSED : NOT_NOW;
      };
    }
  }

  /**
   * What became of the object, by the last answer of this way.
   *
   * @param answer any but {@link Answer#ABSENT}, after which another way may find it
   */
  public Outcome outcome(Answer answer) {
    return switch (answer) {
      case DONE, ABSENT -> Outcome.GONE;
      case NOT_NOW -> Outcome.NOT_NOW;
      // Whoever can only stop an object is refused if it has stopped by itself.
      case REFUSED -> delete.isPresent() ? Outcome.REFUSED : Outcome.LEFT;
    };
  }

  /** What became of an attempt to remove an object. */
  public enum Outcome {
    /** It is gone at the provider, or has stopped for good. */
    GONE,
    /** The API has no operation that removes it, or nothing is left to stop. */
    LEFT,
    /** The provider refused, and may do so again. */
    REFUSED,
    /** The service can't be asked now. Its other objects need not be tried either. */
    NOT_NOW
  }
}
