package io.claviger.application.fakes;

import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.domain.scim.ScimSight;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimUser;
import io.claviger.domain.transfers.TransferState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link ScimUserStore} in memory. The claims of identities are not part of the transactions. */
public final class InMemoryScimUsers implements ScimUserStore {
  private final InMemoryTransactions transactions;
  private final InMemoryIdentities identities;
  private final InstantSource clock;
  private final Map<User.Id, String> objectIds = new ConcurrentHashMap<>();

  public InMemoryScimUsers(
      InMemoryTransactions transactions, InMemoryIdentities identities, InstantSource clock) {
    this.transactions = transactions;
    this.identities = identities;
    this.clock = clock;
  }

  @Override
  public boolean isOn(Issuer issuer) {
    return transactions.read(
        t -> t.scimTokens.values().stream().anyMatch(token -> token.issuer().equals(issuer)));
  }

  @Override
  public Optional<ScimUser> find(Issuer issuer, ScimSubject.Attribute attribute, String value) {
    return record(
        one ->
            one.issuer().equals(issuer)
                && attribute.of(one.names()).filter(value::equals).isPresent()
                && (attribute == ScimSubject.Attribute.EXTERNAL_ID || !one.deleted()));
  }

  private Optional<ScimUser> record(Predicate<ScimUser> which) {
    return transactions.read(t -> t.scimUsers.values().stream().filter(which).findFirst());
  }

  @Override
  public Optional<ScimUser> find(User.Id user) {
    return transactions.read(t -> Optional.ofNullable(t.scimUsers.get(user)));
  }

  @Override
  public Optional<Handle> handle(User.Id user) {
    return transactions.read(t -> Optional.ofNullable(t.users.get(user))).map(User::handle);
  }

  @Override
  public Optional<Entry> findEntry(User.Id user) {
    return transactions
        .read(t -> Optional.ofNullable(t.users.get(user)))
        .map(
            found ->
                new Entry(
                    found,
                    find(user),
                    identities.findOf(user).map(IdentityStore.StoredIdentity::identity),
                    objectId(user)));
  }

  @Override
  public Optional<Entry> findByExternalId(Issuer issuer, String externalId) {
    return find(issuer, ScimSubject.Attribute.EXTERNAL_ID, externalId)
        .flatMap(one -> findEntry(one.user()));
  }

  @Override
  public Optional<Entry> findByUserName(Issuer issuer, String userName) {
    return record(one -> one.issuer().equals(issuer) && named(one, userName) && !one.deleted())
        .flatMap(one -> findEntry(one.user()));
  }

  @Override
  public Optional<Entry> findDeletedByUserName(Issuer issuer, String userName) {
    return transactions
        .read(
            t ->
                t.scimUsers.values().stream()
                    .filter(one -> one.issuer().equals(issuer) && named(one, userName))
                    .filter(one -> one.names().externalId().isEmpty())
                    .filter(ScimUser::deleted)
                    .max(Comparator.comparing(one -> one.deletedAt().orElseThrow())))
        .flatMap(one -> findEntry(one.user()));
  }

  private static boolean named(ScimUser user, String userName) {
    return key(user.names().userName()).equals(key(userName));
  }

  private static String key(String userName) {
    return userName.toLowerCase(Locale.ROOT);
  }

  @Override
  public Optional<Entry> findByClaim(Issuer issuer, ScimSubject.Claim claim, String value) {
    return entries()
        .filter(
            entry ->
                entry
                    .identity()
                    .filter(one -> one.identity().issuer().equals(issuer))
                    .flatMap(one -> claim.of(one, entry.objectId()))
                    .filter(value::equals)
                    .isPresent())
        .findFirst();
  }

  private Stream<Entry> entries() {
    List<User.Id> all = transactions.read(t -> List.copyOf(t.users.keySet()));
    return all.stream().map(this::findEntry).flatMap(Optional::stream);
  }

  private List<Entry> seen(Issuer issuer) {
    return entries()
        .filter(
            entry ->
                ScimSight.sees(
                    issuer,
                    entry.user(),
                    entry.record(),
                    entry.identity().map(one -> one.identity().issuer())))
        .sorted(Comparator.comparing(entry -> entry.user().id().value().toString()))
        .toList();
  }

  @Override
  public List<Entry> list(Issuer issuer, int skipped, int limit) {
    return seen(issuer).stream().skip(skipped).limit(limit).toList();
  }

  @Override
  public int countKept(Issuer issuer, int enough) {
    return transactions.read(
        t ->
            (int)
                t.scimUsers.values().stream()
                    .filter(user -> user.issuer().equals(issuer))
                    .limit(enough)
                    .count());
  }

  @Override
  public int count(Issuer issuer) {
    return seen(issuer).size();
  }

  @Override
  public Map<User.Id, User> visible(Issuer issuer, Collection<User.Id> users) {
    return seen(issuer).stream()
        .map(Entry::user)
        .filter(user -> users.contains(user.id()))
        .collect(Collectors.toMap(User::id, user -> user));
  }

  @Override
  public Map<User.Id, User> holdVisible(Issuer issuer, Collection<User.Id> users) {
    return visible(issuer, users);
  }

  @Override
  public void insert(ScimUser user) {
    write(user);
  }

  @Override
  public void update(ScimUser user) {
    write(user);
  }

  private void write(ScimUser user) {
    transactions.run(
        t -> {
          t.requireUser(user.user());
          boolean taken =
              t.scimUsers.values().stream()
                  .filter(one -> !one.user().equals(user.user()))
                  .filter(one -> one.issuer().equals(user.issuer()))
                  .anyMatch(
                      one ->
                          (one.names().externalId().isPresent()
                                  && one.names().externalId().equals(user.names().externalId()))
                              || (named(one, user.names().userName())
                                  && !one.deleted()
                                  && !user.deleted()));
          if (taken) {
            throw Tables.taken("the externalId or userName");
          }
          t.scimUsers.put(user.user(), user);
        });
  }

  @Override
  public Optional<String> objectId(User.Id user) {
    return Optional.ofNullable(objectIds.get(user));
  }

  @Override
  public void setObjectId(User.Id user, Optional<String> objectId) {
    objectId.ifPresentOrElse(id -> objectIds.put(user, id), () -> objectIds.remove(user));
  }

  @Override
  public boolean isMember(User.Id user, Issuer issuer, String claimValue) {
    return transactions.read(
        t ->
            t.groupsOf(user).stream()
                .filter(id -> isKept(t, id, issuer))
                .map(t.groups::get)
                .filter(Objects::nonNull)
                .flatMap(group -> group.source().stream())
                .anyMatch(source -> source.claimValue().equals(claimValue)));
  }

  @Override
  public List<User> administratorsIn(Group.Id group) {
    return transactions.read(
        t ->
            t.groupMembers.keySet().stream()
                .filter(key -> key.group().equals(group))
                .flatMap(key -> Stream.ofNullable(t.users.get(key.user())))
                .filter(User::administrator)
                .toList());
  }

  private static boolean isKept(Tables t, Group.Id group, Issuer issuer) {
    ScimGroup kept = t.scimGroups.get(group);
    return kept != null && kept.issuer().equals(issuer) && !kept.deleted();
  }

  @Override
  public void leaveForgottenGroups(User.Id user, Issuer issuer) {
    transactions.run(
        t -> {
          if (t.scimGroups.values().stream().anyMatch(one -> one.issuer().equals(issuer))) {
            t.groupMembers
                .keySet()
                .removeIf(
                    key ->
                        key.user().equals(user)
                            && isSynced(t, key.group())
                            && Optional.ofNullable(t.scimGroups.get(key.group()))
                                .filter(one -> one.issuer().equals(issuer))
                                .isEmpty());
          }
        });
  }

  private static boolean isSynced(Tables t, Group.Id group) {
    return Objects.requireNonNull(t.groups.get(group)).source().isPresent();
  }

  @Override
  public void leaveGroups(User.Id user, Issuer issuer) {
    transactions.run(
        t ->
            t.groupMembers
                .keySet()
                .removeIf(
                    key ->
                        key.user().equals(user)
                            && Objects.requireNonNull(t.groups.get(key.group()))
                                .source()
                                .filter(from -> from.issuer().equals(issuer.value()))
                                .isPresent()));
  }

  @Override
  public boolean hasOpenOffers(User.Id user) {
    Instant now = clock.instant();
    return transactions.read(
        t ->
            t.transfers.values().stream()
                .anyMatch(
                    transfer ->
                        transfer.from().id().equals(user)
                            && transfer.stateAt(now) == TransferState.OFFERED));
  }

  @Override
  public int countOtherAdministrators(User.Id user) {
    return transactions.read(
        t ->
            Math.toIntExact(
                t.users.values().stream()
                    .filter(one -> one.administrator() && !one.suspended())
                    .filter(one -> !one.id().equals(user))
                    .count()));
  }
}
