package io.claviger.domain.formats;

import java.util.Optional;

/**
 * A way to remove an object at its provider.
 *
 * @param cancel the request that stops the work of an object, such as a batch. This request is sent
 *     first; empty if the API has no such operation
 * @param delete the request that deletes the object; empty if the API can only stop it
 * @param parts the list of the parts that the provider would keep after it has deleted the object.
 *     These parts have to be deleted before the object. Empty if the provider keeps no parts
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
    /** The same request would be refused again. */
    REFUSED,
    /**
     * A later attempt may succeed, because the fault lies with the provider, the network or the
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
   * Returns the result for the object after the last answer to these requests.
   *
   * @param answer the last answer. If it is {@link Answer#ABSENT}, the other ways to remove the
   *     object have to be tried before this method is called
   */
  public Outcome outcome(Answer answer) {
    return switch (answer) {
      case DONE, ABSENT -> Outcome.GONE;
      case NOT_NOW -> Outcome.NOT_NOW;
      // If the API can only stop an object, it refuses to stop an object that has stopped by
      // itself.
      case REFUSED -> delete.isPresent() ? Outcome.REFUSED : Outcome.LEFT;
    };
  }

  /** The result of an attempt to remove an object. */
  public enum Outcome {
    /** The object no longer exists at the provider, or has stopped permanently. */
    GONE,
    /**
     * The object stays at the provider. The API can't remove the object, or the object had already
     * stopped.
     */
    LEFT,
    /** Some of the object's parts were deleted; the object and further parts still exist. */
    UNFINISHED,
    /** The provider refused the request, and might refuse a further attempt too. */
    REFUSED,
    /**
     * The provider can't be asked at the moment. Requests for other objects of the service would
     * fail now too.
     */
    NOT_NOW
  }
}
