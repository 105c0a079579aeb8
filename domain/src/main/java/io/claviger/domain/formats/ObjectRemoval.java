package io.claviger.domain.formats;

import java.util.Optional;

/**
 * A way to remove an object at its provider.
 *
 * @param cancel the request that stops the work of an object, such as a batch. The request is sent
 *     before {@code delete}; empty if the API has no such operation
 * @param delete the request that deletes the object; empty if the API can only stop the object's
 *     work
 * @param parts the request that lists the object's parts, which have to be deleted before the
 *     object because the provider would keep them. Empty if the provider keeps no parts
 */
public record ObjectRemoval(
    Optional<Request> cancel, Optional<Request> delete, Optional<ObjectList> parts) {
  /**
   * A request without a body.
   *
   * @param path the path below the service's endpoint
   */
  public record Request(String method, String path) {}

  /** The meaning of an answer to a request that removes something. */
  public enum Answer {
    DONE,
    /** The object does not exist. */
    ABSENT,
    /** The request was refused, and would be refused again. */
    REFUSED,
    /**
     * A later attempt might succeed, because the fault lies with the provider, the network or the
     * key.
     */
    NOT_NOW;

    /**
     * @param status the answer's HTTP status; 0 if there was no answer
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
   * Returns what the last answer to the requests of this removal means for the object.
   *
   * @param answer the last answer. If the answer is {@link Answer#ABSENT}, the other ways to remove
   *     the object have to be tried before this method is called
   */
  public Outcome outcome(Answer answer) {
    return switch (answer) {
      case DONE, ABSENT -> Outcome.GONE;
      case NOT_NOW -> Outcome.NOT_NOW;
      // If the API can only stop objects, this refusal means that the object has already stopped by
      // itself.
      case REFUSED -> delete.isPresent() ? Outcome.REFUSED : Outcome.LEFT;
    };
  }

  /** The result of an attempt to remove an object. */
  public enum Outcome {
    /** The object no longer exists at the provider, or its work has stopped permanently. */
    GONE,
    /**
     * The object stays at the provider, because the API can't remove the object, or because the
     * object's work had already stopped.
     */
    LEFT,
    /** Some of the object's parts were deleted. The object and its other parts still exist. */
    UNFINISHED,
    /** The provider refused the request, and might refuse it again. */
    REFUSED,
    /**
     * Requests can't be sent to the provider at the moment. Requests for other objects of the
     * service would fail, too.
     */
    NOT_NOW
  }
}
