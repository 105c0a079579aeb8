package io.claviger.application.fakes;

import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.approvals.Approval.State;
import io.claviger.domain.approvals.ConsentRules.Consenter;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.RecordCopy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@link ApprovalStore} in memory. It is not rolled back, and does not know who made whom a
 * co-owner.
 */
public final class InMemoryApprovals implements ApprovalStore {
  private static final Comparator<Approval.Id> BY_TEXT =
      Comparator.comparing(id -> id.value().toString());

  private final InMemoryTransactions transactions;
  private final InstantSource clock;
  private final Map<Approval.Id, Approval> rows = new ConcurrentHashMap<>();
  private final Map<Approval.Id, SealedValue> sealed = new ConcurrentHashMap<>();

  public InMemoryApprovals(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Waiting lockAndCount(Instance.Id service, User.Id asker, Instant now) {
    return new Waiting(
        (int) waiting().filter(each -> each.service().equals(service)).count(),
        (int) waiting().filter(each -> each.asker().equals(asker)).count(),
        transactions.read(t -> !Objects.requireNonNull(t.users.get(asker)).isServiceAccount()));
  }

  private Stream<Approval> waiting() {
    return rows.values().stream().filter(each -> each.state() == State.WAITING);
  }

  @Override
  public void insert(Approval approval, SealedValue change) {
    rows.values().stream()
        .filter(each -> each.asker().equals(approval.asker()))
        .filter(each -> Set.of(State.LAPSED, State.DECLINED).contains(each.state()))
        .sorted(
            Comparator.comparing((Approval each) -> each.endedAt().orElseThrow())
                .thenComparing(each -> each.id().value())
                .reversed())
        .skip(Approval.MOST_KEPT)
        .map(Approval::id)
        .forEach(this::remove);
    rows.put(approval.id(), approval);
    sealed.put(approval.id(), change);
  }

  private void remove(Approval.Id id) {
    rows.remove(id);
    sealed.remove(id);
  }

  @Override
  public Optional<Approval> lockWaiting(Instance.Id service, User.Id asker, String subject) {
    return waiting()
        .filter(each -> each.service().equals(service) && each.asker().equals(asker))
        .filter(each -> each.subject().equals(subject))
        .findAny();
  }

  @Override
  public Optional<Approval> find(Approval.Id id) {
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public Optional<Approval> lock(Approval.Id id) {
    return find(id);
  }

  @Override
  public Optional<SealedValue> change(Approval.Id id) {
    return Optional.ofNullable(sealed.get(id));
  }

  @Override
  public void addConsent(Approval.Id id, Approval.Consent consent) {
    rows.computeIfPresent(id, (key, before) -> before.with(consent));
  }

  @Override
  public void end(Approval ended) {
    rows.put(ended.id(), ended);
    sealed.remove(ended.id());
  }

  /** Ends the waiting changes that a user requested, and returns them. */
  List<Approval> lapseOf(User.Id asker, String why, Instant now) {
    List<Approval> requested = waiting().filter(each -> each.asker().equals(asker)).toList();
    requested.forEach(each -> end(each.ended(State.LAPSED, Optional.of(why), now)));
    return requested;
  }

  /** Withdraws the consents of a user to waiting changes. Returns how many there were. */
  int withdrawConsentsOf(User.Id user) {
    List<Approval> consented = waiting().filter(each -> each.hasConsentOf(user)).toList();
    for (Approval each : consented) {
      List<Approval.Consent> others =
          each.consents().stream().filter(one -> !one.user().equals(user)).toList();
      rows.put(each.id(), RecordCopy.with(each, "consents", others));
    }
    return consented.size();
  }

  @Override
  public List<Approval> waitingFor(
      User.Id user, boolean administrator, Instant now, Optional<TimeCursor> after, int limit) {
    return waiting()
        .filter(each -> each.isWaiting(now))
        .filter(
            each ->
                administrator
                    || each.asker().equals(user)
                    || hold(user, each.service(), now)
                        .filter(consenter -> consenter.owningUser() || consenter.ownerShare())
                        .isPresent())
        .sorted(Comparator.comparing(Approval::askedAt).thenComparing(each -> each.id().value()))
        .filter(each -> after.filter(position -> !isAfter(each, position)).isEmpty())
        .limit(limit)
        .toList();
  }

  private static boolean isAfter(Approval approval, TimeCursor position) {
    int later = approval.askedAt().compareTo(position.at());
    return later > 0 || (later == 0 && approval.id().value().compareTo(position.id()) > 0);
  }

  @Override
  public List<Approval.Id> due(Optional<Approval.Id> after, int limit) {
    Instant now = clock.instant();
    return waiting()
        .filter(each -> !each.isWaiting(now))
        .map(Approval::id)
        .filter(id -> after.filter(from -> BY_TEXT.compare(id, from) <= 0).isEmpty())
        .sorted(BY_TEXT)
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<Approval> lockDue(Approval.Id id) {
    return lock(id)
        .filter(each -> each.state() == Approval.State.WAITING)
        .filter(each -> !each.isWaiting(clock.instant()));
  }

  @Override
  public int deleteEnded(Duration ago) {
    Instant time = clock.instant().minus(ago);
    int before = rows.size();
    rows.values().removeIf(each -> each.endedAt().filter(end -> end.isBefore(time)).isPresent());
    return before - rows.size();
  }

  @Override
  public Optional<Consenter> hold(User.Id user, Instance.Id service, Instant now) {
    return find(user, service, now);
  }

  @Override
  public Optional<Consenter> find(User.Id user, Instance.Id service, Instant now) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.users.get(user))
                .map(
                    found -> {
                      Optional<Share> share =
                          Optional.ofNullable(t.shares.get(new Tables.ShareKey<>(service, user)))
                              .map(Tables.StoredShare::share)
                              .filter(each -> each.terms().role() == Role.OWNER)
                              .filter(each -> !each.expiredAt(now));
                      return new Consenter(
                          !found.isServiceAccount(),
                          found.suspended(),
                          found.administrator(),
                          t.requireInstance(service).instance().owner().equals(user),
                          share.isPresent(),
                          share.map(Share::createdAt),
                          Optional.empty(),
                          true);
                    }));
  }

  @Override
  public Set<User.Id> behind(User.Id account) {
    return transactions.read(
        t -> {
          Optional<Responsible> responsible =
              Optional.ofNullable(t.users.get(account)).flatMap(User::responsible);
          if (responsible.isEmpty()) {
            return Set.of();
          }
          return switch (responsible.get()) {
            case Responsible.Person person -> Set.of(person.id());
            case Responsible.GroupManagers managers ->
                t.groupMembers.entrySet().stream()
                    .filter(e -> e.getKey().group().value().equals(managers.group()))
                    .filter(e -> e.getValue().role() == GroupRole.MANAGER)
                    .map(e -> e.getValue().user())
                    .collect(Collectors.toSet());
          };
        });
  }

  @Override
  public List<Instance.Ref> unconsented(UUID transfer) {
    return List.of();
  }

  @Override
  public List<Instance.Ref> guardedOf(User.Id owner, int most) {
    return transactions.read(
        t ->
            t.instances.values().stream()
                .map(Tables.StoredInstance::instance)
                .filter(each -> each.owner().equals(owner))
                .filter(each -> each.settings().approvals().count() > 1)
                .map(Instance::ref)
                .limit(most)
                .toList());
  }
}
