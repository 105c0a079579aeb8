package io.claviger.domain.requests;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A user's request to borrow a service, or a borrower's request for more use of it.
 *
 * @param terms the requested terms
 * @param note the asker's own words
 * @param endedAt when the request was granted, declined or withdrawn; empty if the request is still
 *     open
 * @param endedBy the user who ended the request; empty if the request is still open, or if the user
 *     was deleted
 */
public record BorrowRequest(
    Id id,
    Service service,
    Asker asker,
    RequestedTerms terms,
    Optional<RequestNote> note,
    RequestState state,
    Instant askedAt,
    Optional<Instant> endedAt,
    Optional<Handle> endedBy) {
  public static final int MOST_OPEN_OF_ASKER = 10;

  /** The greatest number of open requests for the services of one owner. */
  public static final int MOST_OPEN_FOR_OWNER = 50;

  /** The greatest number of requests that one asker can make in a day, including ended requests. */
  public static final int MOST_A_DAY = 30;

  /** The time for which a request is shown after its end. */
  public static final Duration SHOWN_FOR = Duration.ofDays(90);

  /**
   * The requested service.
   *
   * @param ref the service's present reference
   * @param askedAs the service's reference when the request was made. The asker sees this
   *     reference, and therefore does not learn about a later transfer of the service
   */
  public record Service(Instance.Id id, User.Id owner, Instance.Ref ref, Instance.Ref askedAs) {}

  /** The user who makes the request, and who gets the share if the request is granted. */
  public record Asker(User.Id id, Handle handle) {}

  /**
   * Returns the side of the request to which a user belongs. The user must be permitted to see the
   * request.
   */
  public RequestSide sideOf(User.Id viewer) {
    return viewer.equals(asker.id()) ? RequestSide.BY_ME : RequestSide.OF_ME;
  }

  /** Returns the service's reference as it is shown to a user who may see the request. */
  public Instance.Ref serviceFor(User.Id viewer) {
    return switch (sideOf(viewer)) {
      case BY_ME -> service.askedAs();
      case OF_ME -> service.ref();
    };
  }

  public BorrowRequest ended(RequestState how, Handle author, Instant now) {
    return new BorrowRequest(
        id, service, asker, terms, note, how, askedAt, Optional.of(now), Optional.of(author));
  }

  /** Identifies a borrow request permanently. */
  public record Id(UUID value) {}
}
