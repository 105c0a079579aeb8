package io.claviger.domain.requests;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A user's request to borrow a service, or to borrow more of it.
 *
 * @param terms what is asked for
 * @param note what the asker adds in their own words
 * @param endedAt when it was granted, declined or withdrawn
 * @param endedBy who ended it; empty once that user is deleted
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

  /** The most open requests for the services of one owner. */
  public static final int MOST_OPEN_FOR_OWNER = 50;

  /** The most requests that one asker can make on one day, including those that have ended. */
  public static final int MOST_A_DAY = 30;

  /** How long a request is shown after it ended. */
  public static final Duration SHOWN_FOR = Duration.ofDays(90);

  /**
   * The service that is asked for.
   *
   * @param ref the present reference of the service
   * @param askedAs the reference of the service when the request was made; shown to the asker, who
   *     does not learn of a later transfer
   */
  public record Service(Instance.Id id, User.Id owner, Instance.Ref ref, Instance.Ref askedAs) {}

  /** The user who asks, and who would hold the share. */
  public record Asker(User.Id id, Handle handle) {}

  /** The side of the request on which a user who may see it is. */
  public RequestSide sideOf(User.Id viewer) {
    return viewer.equals(asker.id()) ? RequestSide.BY_ME : RequestSide.OF_ME;
  }

  /** Returns the reference of the service that a user who may see the request may know. */
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

  /** Identifies a request to borrow permanently. */
  public record Id(UUID value) {}
}
