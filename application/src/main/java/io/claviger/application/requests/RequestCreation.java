package io.claviger.application.requests;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes requests to borrow services, and checks how many requests a user may make, and how many
 * open requests an owner may have received.
 */
final class RequestCreation {
  private final BorrowRequestStore requests;
  private final GrantedRequests granted;
  private final AuditedChanges changes;

  RequestCreation(BorrowRequestStore requests, GrantedRequests granted, AuditedChanges changes) {
    this.requests = requests;
    this.granted = granted;
    this.changes = changes;
  }

  /**
   * Stores a request.
   *
   * @param seen the service, which the actor sees, with the actor's shares of the service
   * @throws RefusedException if the actor may not make this request
   */
  BorrowRequest request(Actor actor, InstanceStore.VisibleInstance seen, Wish wish) {
    Instant now = changes.now();
    demandMayBeLent(actor, seen.instance());
    demandSensible(actor, wish, seen, now);
    BorrowRequest request = open(actor, seen.instance(), wish, now);
    insert(request);
    return request;
  }

  private static void demandMayBeLent(Actor actor, Instance service) {
    if (service.isSystemLevel() || service.owner().equals(actor.id())) {
      throw RefusedException.invalid(
          new Fault(
              "",
              "not_shareable",
              service.isSystemLevel()
                  ? "Administrators decide who may use the services of _system. Ask one of them."
                  : "This service is your own."));
    }
  }

  private void demandSensible(
      Actor actor, Wish wish, InstanceStore.VisibleInstance seen, Instant now) {
    if (wish.terms().until().filter(end -> !end.isAfter(now)).isPresent()) {
      throw RefusedException.invalid(
          new Fault("/until", "invalid_value", "a time that has not passed"));
    }
    Share.Terms present = seen.shares().grant(now).map(held -> held.terms()).orElse(null);
    if (granted.proposal(wish.terms(), seen).equals(present)) {
      throw RefusedException.invalid(
          new Fault("", "nothing_missing", "You already have everything that you request."));
    }
    if (requests.isMuted(seen.instance().owner(), actor.id())) {
      throw RefusedException.conflict(
          "requests_muted", "The owner of this service does not want requests from you.");
    }
  }

  private BorrowRequest open(Actor actor, Instance service, Wish wish, Instant now) {
    return new BorrowRequest(
        new BorrowRequest.Id(changes.ids().next()),
        new BorrowRequest.Service(service.id(), service.owner(), service.ref(), service.ref()),
        new BorrowRequest.Asker(actor.id(), actor.handle()),
        wish.terms(),
        wish.note(),
        RequestState.OPEN,
        now,
        Optional.empty(),
        Optional.empty());
  }

  private void insert(BorrowRequest request) {
    if (!requests.insert(request)) {
      throw RefusedException.conflict(
          "already_asked", "You have asked for the same thing today. Ask again tomorrow.");
    }
    int mostOfAsker = BorrowRequest.MOST_OPEN_OF_ASKER;
    if (requests.lockAndCountOpenOf(request.asker().id(), mostOfAsker + 1) > mostOfAsker) {
      throw tooMany(
          "You already have %d open requests. Wait for answers, or withdraw a request."
              .formatted(mostOfAsker));
    }
    int mostADay = BorrowRequest.MOST_A_DAY;
    if (requests.countOfSameDay(request, mostADay + 1) > mostADay) {
      throw tooMany("You have made %d requests today. Ask again tomorrow.".formatted(mostADay));
    }
    int mostForOwner = BorrowRequest.MOST_OPEN_FOR_OWNER;
    if (requests.lockAndCountOpenFor(request.service().owner(), mostForOwner + 1) > mostForOwner) {
      throw tooMany("The owner of this service has too many open requests. Ask later.");
    }
  }

  private static RefusedException tooMany(String detail) {
    return new RefusedException(
        new Refusal.TooMany("too_many_requests", detail, Duration.ofHours(1)));
  }
}
