package io.claviger.application.fakes;

import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestSubject;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@link BorrowRequestStore} in memory. The time of a request decides on which day it was made. */
public final class InMemoryBorrowRequests implements BorrowRequestStore {
  private static final Comparator<BorrowRequest> IN_ORDER =
      Comparator.comparing(BorrowRequest::askedAt).thenComparing(r -> r.id().value());

  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  public InMemoryBorrowRequests(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Optional<BorrowRequest> find(BorrowRequest.Id id) {
    return transactions.read(
        t -> Optional.ofNullable(t.borrowRequests.get(id)).map(r -> present(t, r)));
  }

  @Override
  public Optional<BorrowRequest> find(BorrowRequest.Id id, Sight sight, Instant now) {
    return find(id);
  }

  @Override
  public Optional<BorrowRequest> lock(BorrowRequest.Id id) {
    return find(id);
  }

  @Override
  public void lockAnswers(Instance.Id service) {
    // There is one transaction at a time.
  }

  @Override
  public List<BorrowRequest> lockOpen(Instance.Id service, GranteeId askers) {
    return transactions.read(
        t ->
            t.borrowRequests.values().stream()
                .filter(r -> r.state() == RequestState.OPEN && r.service().id().equals(service))
                .filter(
                    r ->
                        askers.equals(r.asker().id())
                            || t.groupMembers.containsKey(
                                new Tables.MemberKey(new Group.Id(askers.value()), r.asker().id())))
                .map(r -> present(t, r))
                .sorted(IN_ORDER)
                .toList());
  }

  @Override
  public List<BorrowRequest> list(
      User.Id user,
      Optional<RequestSide> side,
      Optional<RequestState> state,
      Optional<Instant> endedAfter,
      Instant now,
      Optional<TimeCursor> after,
      int limit) {
    return transactions.read(
        t ->
            t.borrowRequests.values().stream()
                .map(r -> present(t, r))
                .filter(r -> sideOf(t, r, user, now).filter(is(side)).isPresent())
                .filter(r -> state.isEmpty() || state.get() == r.state())
                .filter(
                    r ->
                        endedAfter.isEmpty()
                            || r.endedAt().filter(endedAfter.get()::isBefore).isPresent())
                .filter(r -> after.isEmpty() || isBehind(r, after.get()))
                .sorted(IN_ORDER)
                .limit(limit)
                .toList());
  }

  private static Predicate<RequestSide> is(Optional<RequestSide> side) {
    return found -> side.isEmpty() || side.get() == found;
  }

  private static Optional<RequestSide> sideOf(
      Tables t, BorrowRequest request, User.Id user, Instant now) {
    if (request.asker().id().equals(user)) {
      return Optional.of(RequestSide.BY_ME);
    }
    Tables.StoredShare share = t.shares.get(new Tables.ShareKey<>(request.service().id(), user));
    boolean coOwner =
        share != null
            && share.share().terms().role() == Role.OWNER
            && !share.share().expiredAt(now);
    return request.service().owner().equals(user) || coOwner
        ? Optional.of(RequestSide.OF_ME)
        : Optional.empty();
  }

  private static boolean isBehind(BorrowRequest request, TimeCursor position) {
    int byTime = request.askedAt().compareTo(position.at());
    return byTime > 0 || (byTime == 0 && request.id().value().compareTo(position.id()) > 0);
  }

  @Override
  public boolean insert(BorrowRequest request) {
    return transactions.change(
        t -> {
          t.requireUser(request.asker().id());
          if (!t.instances.containsKey(request.service().id())) {
            throw Tables.gone("the service");
          }
          if (t.borrowRequests.values().stream().anyMatch(r -> isTheSame(r, request))) {
            return false;
          }
          t.borrowRequests.put(request.id(), request);
          return true;
        });
  }

  private static boolean isTheSame(BorrowRequest one, BorrowRequest other) {
    return one.asker().id().equals(other.asker().id())
        && one.service().id().equals(other.service().id())
        && RequestSubject.of(one.terms()).equals(RequestSubject.of(other.terms()))
        && day(one.askedAt()).equals(day(other.askedAt()));
  }

  private static Instant day(Instant time) {
    return time.truncatedTo(ChronoUnit.DAYS);
  }

  @Override
  public int lockAndCountOpenOf(User.Id asker, int enough) {
    return countOpen(enough, r -> r.asker().id().equals(asker));
  }

  @Override
  public int countOfSameDay(BorrowRequest request, int enough) {
    return transactions.read(
        t ->
            (int)
                t.borrowRequests.values().stream()
                    .filter(r -> r.asker().id().equals(request.asker().id()))
                    .filter(r -> day(r.askedAt()).equals(day(request.askedAt())))
                    .limit(enough)
                    .count());
  }

  @Override
  public int lockAndCountOpenFor(User.Id owner, int enough) {
    return countOpen(enough, r -> r.service().owner().equals(owner));
  }

  private int countOpen(int enough, Predicate<BorrowRequest> counted) {
    return transactions.read(
        t ->
            (int)
                t.borrowRequests.values().stream()
                    .map(r -> present(t, r))
                    .filter(r -> r.state() == RequestState.OPEN)
                    .filter(counted)
                    .limit(enough)
                    .count());
  }

  @Override
  public void end(BorrowRequest request, User.Id actor) {
    transactions.run(
        t -> {
          BorrowRequest before = t.borrowRequests.get(request.id());
          if (before == null || before.state() != RequestState.OPEN) {
            throw Tables.gone("the open request");
          }
          t.borrowRequests.put(request.id(), request);
        });
  }

  @Override
  public int deleteOlderThan(Duration age) {
    Instant time = clock.instant().minus(age);
    return transactions.change(
        t -> {
          int before = t.borrowRequests.size();
          t.borrowRequests.values().removeIf(r -> r.endedAt().orElse(r.askedAt()).isBefore(time));
          return before - t.borrowRequests.size();
        });
  }

  @Override
  public MutedAskers mutedBy(User.Id owner) {
    return transactions.read(
        t -> {
          Tables.StoredMutes mutes =
              t.mutedAskers.getOrDefault(owner, new Tables.StoredMutes(false, List.of()));
          return new MutedAskers(
              mutes.everybody(),
              mutes.users().stream()
                  .filter(t.users::containsKey)
                  .map(id -> t.users.get(id).handle())
                  .collect(Collectors.toSet()));
        });
  }

  @Override
  public boolean isMuted(User.Id owner, User.Id asker) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.mutedAskers.get(owner))
                .filter(mutes -> mutes.everybody() || mutes.users().contains(asker))
                .isPresent());
  }

  @Override
  public boolean hasAsked(User.Id owner, Handle asker) {
    return transactions.read(
        t ->
            t.borrowRequests.values().stream()
                .map(request -> present(t, request))
                .anyMatch(
                    request ->
                        request.service().owner().equals(owner)
                            && request.asker().handle().equals(asker)));
  }

  @Override
  public boolean mute(User.Id owner, MutedAskers muted) {
    return transactions.change(
        t -> {
          List<User.Id> users =
              t.users.values().stream()
                  .filter(user -> !user.handle().isSystem() && isNamed(muted, user.handle()))
                  .map(user -> user.id())
                  .toList();
          t.mutedAskers.put(owner, new Tables.StoredMutes(muted.everybody(), users));
          return users.size() == muted.users().size();
        });
  }

  private static boolean isNamed(MutedAskers muted, Handle handle) {
    return muted.users().contains(handle);
  }

  /** The service may have another owner and handle by now. */
  private static BorrowRequest present(Tables t, BorrowRequest r) {
    Instance service = t.instances.get(r.service().id()).instance();
    return new BorrowRequest(
        r.id(),
        new BorrowRequest.Service(
            service.id(), service.owner(), service.ref(), r.service().askedAs()),
        r.asker(),
        r.terms(),
        r.note(),
        r.state(),
        r.askedAt(),
        r.endedAt(),
        r.endedBy());
  }
}
