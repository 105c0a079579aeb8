package io.claviger.application.fakes;

import io.claviger.application.identity.port.IdentityStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.FormerUser;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.scim.ScimUser;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** {@link IdentityStore} in memory. Identities are not part of the transactions. */
public final class InMemoryIdentities implements IdentityStore {
  private static final Comparator<Handle> BY_TEXT = Comparator.comparing(Handle::value);

  private final InMemoryTransactions transactions;
  private final InMemorySessions sessions;
  private final Map<User.Id, Row> rows = new ConcurrentHashMap<>();

  public InMemoryIdentities(InMemoryTransactions transactions, InMemorySessions sessions) {
    this.transactions = transactions;
    this.sessions = sessions;
  }

  private final Set<User.Id> madeBySignIn = ConcurrentHashMap.newKeySet();
  private final Set<User.Id> released = ConcurrentHashMap.newKeySet();

  /**
   * @param unansweredSince when the first question was due whose answer is not on record
   */
  private record Row(
      LinkedIdentity identity, Optional<Renewal> renewal, Optional<Instant> unansweredSince) {
    Row(LinkedIdentity identity, Optional<Renewal> renewal) {
      this(identity, renewal, Optional.empty());
    }

    Instant dueAt() {
      return renewal.orElseThrow().dueAt();
    }
  }

  @Override
  public Optional<StoredIdentity> find(Identity identity) {
    return rows.values().stream()
        .filter(row -> row.identity().identity().equals(identity))
        .findFirst()
        .flatMap(this::stored);
  }

  @Override
  public Optional<StoredIdentity> findOf(User.Id user) {
    return Optional.ofNullable(rows.get(user)).flatMap(this::stored);
  }

  @Override
  public Optional<FormerUser> findFormer(Handle handle) {
    return transactions
        .read(t -> Optional.ofNullable(t.formerUsers.get(handle)))
        .map(
            former ->
                new FormerUser(
                    Optional.ofNullable(rows.get(former.id()))
                        .map(row -> row.identity().identity()),
                    former.provisioned().flatMap(InMemoryIdentities::provisioned)));
  }

  private static Optional<FormerUser.Provisioned> provisioned(ScimUser record) {
    return record.names().externalId().map(id -> new FormerUser.Provisioned(record.issuer(), id));
  }

  /** An identity ends with its user. */
  private Optional<StoredIdentity> stored(Row row) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.users.get(row.identity().user()))
                .map(
                    user ->
                        new StoredIdentity(
                            madeBySignIn.contains(user.id())
                                    || Optional.ofNullable(t.scimUsers.get(user.id()))
                                        .filter(record -> record.made(user))
                                        .isPresent()
                                ? row.identity().ofMadeUser()
                                : row.identity(),
                            user.handle(),
                            row.renewal().map(Renewal::dueAt))));
  }

  @Override
  public void insert(LinkedIdentity identity) {
    if (find(identity.identity()).isPresent() || rows.containsKey(identity.user())) {
      throw Tables.taken("the identity");
    }
    rows.put(identity.user(), new Row(identity, Optional.empty()));
    transactions.run(t -> t.hadToken.add(identity.user()));
    if (identity.userMadeByProvider()) {
      madeBySignIn.add(identity.user());
    }
  }

  @Override
  public void update(LinkedIdentity identity, Optional<Renewal> renewal) {
    rows.put(identity.user(), new Row(identity, renewal));
  }

  @Override
  public void replaceToken(User.Id user, SealedValue token) {
    rows.computeIfPresent(
        user,
        (id, row) ->
            new Row(
                row.identity(),
                row.renewal().map(renewal -> new Renewal(token, renewal.dueAt())),
                row.unansweredSince()));
  }

  @Override
  public void setAdministersByGroup(User.Id user, boolean byGroup) {
    rows.computeIfPresent(
        user,
        (id, row) ->
            new Row(
                new LinkedIdentity(
                    row.identity().identity(),
                    id,
                    byGroup,
                    row.identity().offline(),
                    row.identity().linkedAt(),
                    row.identity().signedInAt(),
                    row.identity().unfollowed(),
                    row.identity().userMadeByProvider()),
                row.renewal(),
                row.unansweredSince()));
  }

  @Override
  public boolean delete(User.Id user) {
    Optional<Row> row = Optional.ofNullable(rows.remove(user));
    row.ifPresent(
        one -> {
          int unused = sessions.deleteOf(one.identity().identity());
        });
    return row.isPresent();
  }

  @Override
  public void setSignInDueUnlessSet(User.Id user, Instant at) {
    Instant unused = sessions.signInDue.putIfAbsent(user, at);
  }

  @Override
  public void setSignInDue(User.Id user, Optional<Instant> at) {
    Instant unused =
        at.isPresent() ? sessions.signInDue.put(user, at.get()) : sessions.signInDue.remove(user);
  }

  /** When a user has to sign in again; empty for never. */
  public Optional<Instant> signInDue(User.Id user) {
    return Optional.ofNullable(sessions.signInDue.get(user));
  }

  @Override
  public Unfollowed unfollowed(Optional<Issuer> asked, Instant overdue, int most) {
    List<Handle> all = unfollowed(asked, overdue).map(User::handle).sorted(BY_TEXT).toList();
    return new Unfollowed(all.size(), all.stream().limit(most).toList());
  }

  @Override
  public List<UnfollowedPerson> demandSignIns(
      Optional<Issuer> asked, Instant overdue, Instant at, int most) {
    List<User> chosen =
        unfollowed(asked, overdue)
            .filter(user -> !sessions.signInDue.containsKey(user.id()))
            .filter(user -> !user.administrator() || isAnotherAdministrator(asked))
            .sorted(Comparator.comparing(User::handle, BY_TEXT))
            .limit(most)
            .toList();
    chosen.forEach(user -> setSignInDueUnlessSet(user.id(), at));
    return chosen.stream().map(user -> new UnfollowedPerson(user.id(), user.handle())).toList();
  }

  @Override
  public void release(User.Id user) {
    boolean unused = released.add(user);
  }

  private Stream<User> unfollowed(Optional<Issuer> asked, Instant overdue) {
    return Stream.concat(withIdentity(asked, overdue), leftByScim(asked));
  }

  private Stream<User> leftByScim(Optional<Issuer> asked) {
    return transactions.read(t -> List.copyOf(t.scimUsers.values())).stream()
        .filter(record -> asked.filter(issuer -> !issuer.equals(record.issuer())).isPresent())
        .filter(record -> !released.contains(record.user()))
        .filter(record -> !hasToken(record.issuer()))
        .filter(
            record ->
                Optional.ofNullable(rows.get(record.user()))
                    .map(Row::identity)
                    .filter(
                        own ->
                            own.signedInAt().isPresent()
                                || asked.equals(Optional.of(own.identity().issuer())))
                    .isEmpty())
        .flatMap(
            record ->
                transactions.read(
                    t -> Stream.ofNullable(t.users.get(record.user())).filter(record::made)))
        .filter(user -> !user.suspended());
  }

  private boolean hasToken(Issuer issuer) {
    return transactions.read(
        t -> t.scimTokens.values().stream().anyMatch(token -> token.issuer().equals(issuer)));
  }

  private Stream<User> withIdentity(Optional<Issuer> asked, Instant overdue) {
    return rows.values().stream()
        .filter(row -> isOfAnother(row, asked))
        .filter(row -> row.renewal().filter(r -> r.dueAt().isAfter(overdue)).isEmpty())
        .flatMap(
            row -> transactions.read(t -> Stream.ofNullable(t.users.get(row.identity().user()))))
        .filter(user -> !user.suspended());
  }

  private static boolean isOfAnother(Row row, Optional<Issuer> asked) {
    return row.identity().signedInAt().isPresent()
        && !asked.equals(Optional.of(row.identity().identity().issuer()));
  }

  private boolean isAnotherAdministrator(Optional<Issuer> asked) {
    return transactions.read(t -> List.copyOf(t.users.values())).stream()
        .filter(user -> user.administrator() && !user.suspended())
        .filter(user -> !sessions.signInDue.containsKey(user.id()))
        .anyMatch(
            user ->
                Optional.ofNullable(rows.get(user.id()))
                    .filter(row -> isOfAnother(row, asked))
                    .isEmpty());
  }

  @Override
  public Optional<DueIdentity> takeDue(Issuer issuer, Instant now, Instant next) {
    Optional<Row> due =
        rows.values().stream()
            .filter(row -> row.identity().identity().issuer().equals(issuer))
            .filter(row -> row.renewal().filter(r -> isDue(r.dueAt(), now)).isPresent())
            .min(Comparator.comparing(Row::dueAt));
    return due.map(
        row -> {
          Renewal renewal = new Renewal(row.renewal().orElseThrow().token(), next);
          Instant was = row.dueAt().isAfter(now) ? now : row.dueAt();
          Row taken =
              new Row(
                  row.identity(),
                  Optional.of(renewal),
                  row.unansweredSince().or(() -> Optional.of(was)));
          rows.put(row.identity().user(), taken);
          return new DueIdentity(
              stored(taken).orElseThrow(), renewal.token(), was, row.unansweredSince().isPresent());
        });
  }

  private static boolean isDue(Instant at, Instant now) {
    return !at.isAfter(now) || at.isAfter(now.plus(LATEST));
  }

  @Override
  public Optional<Instant> oldestUnanswered(Issuer issuer) {
    return rows.values().stream()
        .filter(row -> row.identity().identity().issuer().equals(issuer))
        .filter(row -> row.renewal().isPresent())
        .map(row -> row.unansweredSince().orElseGet(row::dueAt))
        .min(Comparator.naturalOrder());
  }

  @Override
  public void putBack(DueIdentity unsent) {
    rows.computeIfPresent(
        unsent.identity().identity().user(),
        (id, row) ->
            row.renewal().map(Renewal::dueAt).equals(unsent.identity().refreshDueAt())
                ? new Row(
                    row.identity(),
                    Optional.of(
                        new Renewal(row.renewal().orElseThrow().token(), unsent.wasDueAt())),
                    row.unansweredSince().filter(since -> unsent.uncertain()))
                : row);
  }
}
