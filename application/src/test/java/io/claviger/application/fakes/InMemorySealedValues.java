package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.fakes.Tables.StoredUserKey;
import io.claviger.application.fakes.Tables.UserKeyAt;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link SealedValueStore} in memory. */
public final class InMemorySealedValues implements SealedValueStore {
  private static final Comparator<UUID> AS_BYTES = Comparator.comparing(UUID::toString);

  private final InMemoryTransactions transactions;

  public InMemorySealedValues(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  private record Group(EncryptionKeyId under, Kind kind) {}

  @Override
  public List<Count> counts() {
    return transactions.read(t -> all(t).toList()).stream()
        .collect(
            Collectors.groupingBy(
                s -> new Group(s.value().sealedUnder(), s.kind()), Collectors.counting()))
        .entrySet()
        .stream()
        .map(e -> new Count(e.getKey().under(), e.getKey().kind(), e.getValue()))
        .sorted(Comparator.comparing(Count::under).thenComparing(c -> c.kind().tag()))
        .toList();
  }

  @Override
  public Concerned concerned(EncryptionKeyId key) {
    return transactions.read(
        t -> {
          List<StoredValue> under = all(t).filter(s -> isUnder(s, key)).toList();
          return new Concerned(
              under.stream()
                  .filter(s -> s.user().isEmpty())
                  .map(StoredValue::instance)
                  .distinct()
                  .count(),
              under.stream().flatMap(s -> s.user().stream()).distinct().count());
        });
  }

  @Override
  public SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    return transactions.read(
        t -> {
          SealedValueBatch<List<StoredValue>> found =
              batch(rows(t, after, s -> !isUnder(s, key)), after, rows);
          return new SealedValueBatch<>(
              found.found().stream().flatMap(List::stream).toList(), found.next());
        });
  }

  @Override
  public int replace(List<Replacement> replacements) {
    return transactions.change(
        t -> {
          List<StoredValue> now = all(t).toList();
          Map<List<Object>, List<Replacement>> byRow =
              replacements.stream()
                  .collect(Collectors.groupingBy(r -> List.of(r.old().instance(), r.old().user())));
          int count = 0;
          for (List<Replacement> row : byRow.values()) {
            if (row.stream().allMatch(r -> now.contains(r.old()))) {
              row.forEach(r -> put(t, r));
              count += row.size();
            }
          }
          return count;
        });
  }

  @Override
  public SealedValueBatch<Cleared> clear(
      EncryptionKeyId key, Position after, int rows, Instant now) {
    return transactions.change(
        t -> {
          SealedValueBatch<List<StoredValue>> found =
              batch(rows(t, after, s -> isUnder(s, key)), after, rows);
          return new SealedValueBatch<>(
              found.found().stream().map(row -> clear(t, row, now)).toList(), found.next());
        });
  }

  private static boolean isUnder(StoredValue stored, EncryptionKeyId key) {
    return stored.value().sealedUnder().equals(key);
  }

  /** The rows of one table after a position, in order, with those of their values that match. */
  private static List<List<StoredValue>> rows(
      Tables t, Position after, Predicate<StoredValue> which) {
    if (after.table() == Table.IDENTITIES
        || after.table() == Table.WEBHOOKS
        || after.table() == Table.NAMING_KEYS
        || after.table() == Table.BILLING_CREDENTIALS
        || after.table() == Table.ISSUER_KEYS
        || after.table() == Table.AUDIT_KEYS
        || after.table() == Table.APPROVALS) {
      return List.of();
    }
    return all(t)
        .filter(s -> s.user().isPresent() == (after.table() == Table.USER_KEYS))
        .filter(which)
        .collect(Collectors.groupingBy(InMemorySealedValues::at))
        .values()
        .stream()
        .filter(row -> compare(at(row.getFirst()), after) > 0)
        .sorted((a, b) -> compare(at(a.getFirst()), at(b.getFirst())))
        .toList();
  }

  private static Position at(StoredValue s) {
    return new Position(
        s.user().isPresent() ? Table.USER_KEYS : Table.INSTANCES,
        s.instance().value(),
        s.user().map(User.Id::value).orElse(new UUID(0, 0)));
  }

  private static int compare(Position a, Position b) {
    int byInstance = AS_BYTES.compare(a.instance(), b.instance());
    return byInstance != 0 ? byInstance : AS_BYTES.compare(a.user(), b.user());
  }

  /** As many rows as requested, and the position after them, which may be in the next table. */
  private static SealedValueBatch<List<StoredValue>> batch(
      List<List<StoredValue>> found, Position after, int rows) {
    List<List<StoredValue>> taken = found.stream().limit(rows).toList();
    Optional<Position> next =
        !taken.isEmpty() ? Optional.of(at(taken.getLast().getFirst())) : after.table().next();
    return new SealedValueBatch<>(taken, next);
  }

  private static Cleared clear(Tables t, List<StoredValue> row, Instant now) {
    StoredValue first = row.getFirst();
    StoredInstance stored = t.requireInstance(first.instance());
    boolean apiKey = row.stream().anyMatch(s -> s.kind() != Kind.INSTANCE_HEADERS);
    boolean headers = row.stream().anyMatch(s -> s.kind() == Kind.INSTANCE_HEADERS);
    if (first.user().isPresent()) {
      t.userKeys.remove(new UserKeyAt(first.instance(), first.user().get()));
    } else {
      Instance i = stored.instance();
      Instance without =
          new Instance(
              i.id(),
              i.owner(),
              i.ref(),
              i.settings(),
              i.placement(),
              i.definitionRef(),
              headers ? List.of() : i.customHeaderNames(),
              apiKey ? Optional.empty() : i.apiKeySetAt(),
              i.endpointSetBy(),
              headers ? Optional.empty() : i.headersSetBy(),
              i.version() + 1,
              i.createdAt(),
              now.isAfter(i.updatedAt()) ? now : i.updatedAt());
      t.instances.put(
          i.id(),
          new StoredInstance(
              without,
              apiKey ? Optional.empty() : stored.apiKey(),
              headers ? Optional.empty() : stored.headers(),
              headers ? without.version() : stored.headersVersion()));
    }
    return new Cleared(
        first.instance(),
        first.service(),
        stored.instance().owner(),
        apiKey,
        headers,
        first.user());
  }

  private static void put(Tables t, Replacement replacement) {
    StoredValue old = replacement.old();
    SealedValue with = replacement.with();
    t.requireLive(with);
    StoredInstance stored = t.requireInstance(old.instance());
    switch (old.kind()) {
      case INSTANCE_API_KEY ->
          t.instances.put(
              old.instance(),
              new StoredInstance(
                  stored.instance(), Optional.of(with), stored.headers(), stored.headersVersion()));
      case INSTANCE_HEADERS ->
          t.instances.put(
              old.instance(),
              new StoredInstance(
                  stored.instance(), stored.apiKey(), Optional.of(with), stored.headersVersion()));
      case USER_KEY ->
          t.userKeys.computeIfPresent(
              new UserKeyAt(old.instance(), old.user().orElseThrow()),
              (at, key) -> new StoredUserKey(key.key(), with));
      case REFRESH_TOKEN,
          WEBHOOK_SECRET,
          NAMING_KEY,
          BILLING_CREDENTIAL,
          ISSUER_KEY,
          AUDIT_KEY,
          WAITING_CHANGE ->
          throw new IllegalStateException("these values are not kept here");
    }
  }

  private static Stream<StoredValue> all(Tables t) {
    List<StoredValue> all = new ArrayList<>();
    t.instances
        .values()
        .forEach(
            row -> {
              row.apiKey().ifPresent(v -> all.add(standing(t, row, Kind.INSTANCE_API_KEY, v)));
              row.headers().ifPresent(v -> all.add(standing(t, row, Kind.INSTANCE_HEADERS, v)));
            });
    t.userKeys.forEach(
        (at, key) -> {
          Instance instance = t.joined(t.requireInstance(at.instance()).instance());
          all.add(
              new StoredValue(
                  Kind.USER_KEY,
                  at.instance(),
                  Optional.of(at.user()),
                  instance.ref(),
                  Optional.of(GranteeName.user(handle(t, at.user()))),
                  Optional.of(
                      KeyBinding.ofUserKey(at.instance(), at.user(), instance.destination())),
                  key.value()));
        });
    return all.stream();
  }

  private static Handle handle(Tables t, User.Id user) {
    return Objects.requireNonNull(t.users.get(user)).handle();
  }

  private static StoredValue standing(Tables t, StoredInstance row, Kind kind, SealedValue value) {
    Instance instance = t.joined(row.instance());
    Instance.Id id = instance.id();
    return new StoredValue(
        kind,
        id,
        Optional.empty(),
        instance.ref(),
        Optional.empty(),
        Optional.of(
            kind == Kind.INSTANCE_API_KEY
                ? KeyBinding.ofCredential(
                    id, instance.owner(), instance.destination(), instance.credential())
                : new KeyBinding(kind, id, Optional.empty(), instance.destination())),
        value);
  }
}
