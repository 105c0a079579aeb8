package io.claviger.imports.shared;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.persistence.keys.JdbcUserKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The API keys of services and users that an import stores, compares and replaces. */
final class ServiceKeys {
  private final Database database;
  private final InstanceStore services;
  private final Sealer sealer;
  private final boolean replacing;

  /**
   * @param replacing whether a service that an earlier run imported gets the key that it has in the
   *     source now
   */
  ServiceKeys(Database database, InstanceStore services, Sealer sealer, boolean replacing) {
    this.database = database;
    this.services = services;
    this.sealer = sealer;
    this.replacing = replacing;
  }

  /**
   * Whether a service has the given key or, if the given key is empty, whether it has no key. A
   * stored key that can't be decrypted counts as a different key.
   */
  boolean has(VisibleInstance service, Optional<String> key) {
    Optional<Secret> wanted = key.flatMap(ServiceKeys::secret);
    if (wanted.isEmpty()) {
      return service.keys().apiKey().isEmpty();
    }
    try (Secret given = wanted.get()) {
      return has(service, given);
    }
  }

  private boolean has(VisibleInstance service, Secret key) {
    Instance instance = service.instance();
    KeyBinding binding = KeyBinding.ofApiKey(instance.id(), instance.destination());
    return service.keys().apiKey().filter(stored -> isSame(stored, binding, key)).isPresent();
  }

  private boolean isSame(SealedValue stored, KeyBinding binding, Secret key) {
    Optional<Secret> opened = sealer.open(stored, binding);
    if (opened.isEmpty()) {
      return false;
    }
    try (Secret secret = opened.get()) {
      return secret.isSameAs(key);
    }
  }

  /**
   * Compares a service's imported key, which comes from an earlier run, with the service's present
   * key in the source. If the keys differ, the report says so, or the service gets the source's key
   * if the operator wants this.
   */
  Optional<Incoming.Changed> compare(Instance.Id service, KeyAtSource source, Arrivals arrivals) {
    return compared(
        service,
        source,
        arrivals,
        (found, key) ->
            found.instance().credential().kind() != CredentialKind.API_KEY || has(found, key)
                ? Optional.empty()
                : replace(found.instance(), source, key, arrivals));
  }

  /**
   * Opens the source's key, and compares it with the service's key by the given function. Returns
   * empty if the source has no key, or if the service no longer exists.
   */
  private Optional<Incoming.Changed> compared(
      Instance.Id service,
      KeyAtSource source,
      Arrivals arrivals,
      BiFunction<VisibleInstance, Secret, Optional<Incoming.Changed>> compare) {
    Optional<Secret> decrypted = source.key().get();
    if (decrypted.isEmpty()) {
      return Optional.empty();
    }
    try (Secret key = decrypted.get()) {
      return services
          .find(service, User.Id.SYSTEM, arrivals.now())
          .flatMap(found -> compare.apply(found, key));
    }
  }

  /**
   * Compares a user's imported key, which comes from an earlier run, with the user's present key in
   * the source. If the keys differ, the report says so. If the operator wants this, the user gets
   * the source's key, unless the user has stored another key in Claviger.
   *
   * @param own the user and the service of the key, with the present time
   */
  Optional<Incoming.Changed> compareOwn(UserKey own, KeyAtSource source, Arrivals arrivals) {
    return compared(
        own.instance(),
        source,
        arrivals,
        (found, key) -> {
          Instance service = found.instance();
          KeyBinding binding =
              KeyBinding.ofUserKey(own.instance(), own.user(), service.destination());
          return stored(own)
              .filter(stored -> !isSame(stored.value(), binding, key))
              .flatMap(stored -> replaceOwn(service, own, stored, source, key, arrivals));
        });
  }

  /**
   * A key in the source system.
   *
   * @param endpoint the endpoint to which the source system sends the key
   * @param standard the API standard that describes how the source system sends the key
   * @param key the function that decrypts the key; empty if the source has no usable key
   * @param label the name of the key's service in the report, and the name of the key's user if the
   *     key belongs to a user
   */
  record KeyAtSource(
      Endpoint endpoint, Handle standard, Supplier<Optional<Secret>> key, String label) {}

  /**
   * A user's own key.
   *
   * @param imported whether the key was imported, and not stored by the user
   */
  private record OwnKey(SealedValue value, Instant setAt, boolean imported) {}

  private Optional<OwnKey> stored(UserKey own) {
    return database
        .jdbc()
        .sql(
            """
            select k.api_key_sealed, k.set_at, exists (
              select from arrivals a
              where a.kind = :kind and a.object_id = k.instance_id and a.with_id = k.user_id
                and a.version = cast(extract(epoch from k.set_at) * 1000000 as bigint)) as imported
            from user_keys k
            where k.instance_id = :service and k.user_id = :user
            for update of k
            """)
        .param("kind", ImportedKind.USER_KEY.wireName())
        .param("service", own.instance().value())
        .param("user", own.user().value())
        .query(
            Row.mapper(
                row ->
                    new OwnKey(
                        new SealedValue(row.bytes("api_key_sealed")),
                        row.instant("set_at"),
                        row.flag("imported"))))
        .optional();
  }

  private Optional<Incoming.Changed> replaceOwn(
      Instance service,
      UserKey own,
      OwnKey stored,
      KeyAtSource source,
      Secret key,
      Arrivals arrivals) {
    if (!replacing || !stored.imported()) {
      arrivals.addRemark(
          ImportedKind.USER_KEY,
          source.label(),
          ReportReason.KEY_DIFFERS,
          "%s on %s"
              .formatted(
                  stored.imported()
                      ? "Claviger's key was stored"
                      : "the user stored Claviger's key",
                  LocalDate.ofInstant(stored.setAt(), ZoneOffset.UTC)));
      return Optional.empty();
    }
    if (!isSentAsThere(service, source.endpoint(), source.standard())) {
      arrivals.addRemark(
          ImportedKind.USER_KEY,
          source.label(),
          ReportReason.DESTINATION_CHANGED_HERE,
          "the key in Claviger was not replaced");
      return Optional.empty();
    }
    boolean unused =
        new JdbcUserKeys(database)
            .save(
                own,
                sealer.seal(
                    key, KeyBinding.ofUserKey(own.instance(), own.user(), service.destination())));
    recordTimeAfter(own);
    arrivals.addRemark(ImportedKind.USER_KEY, source.label(), ReportReason.KEY_REPLACED, "");
    return Optional.of(
        new Incoming.Changed(
            AuditAction.USER_KEY_UPDATE,
            AuditTargets.userKey(service, own.user()),
            List.of("api_key")));
  }

  /**
   * Records when the import stored a new key of the user. So the new key does not count as a change
   * by a user, and an undo can still remove what the import made.
   */
  private void recordTimeAfter(UserKey own) {
    Database.update(
        database
            .jdbc()
            .sql(
                """
                update arrivals a
                set version = cast(extract(epoch from k.set_at) * 1000000 as bigint)
                from user_keys k
                where a.kind = :kind and a.object_id = k.instance_id and a.with_id = k.user_id
                  and k.instance_id = :service and k.user_id = :user
                """)
            .param("kind", ImportedKind.USER_KEY.wireName())
            .param("service", own.instance().value())
            .param("user", own.user().value()));
  }

  private Optional<Incoming.Changed> replace(
      Instance service, KeyAtSource source, Secret key, Arrivals arrivals) {
    if (!replacing) {
      arrivals.addRemark(
          ImportedKind.KEY,
          source.label(),
          ReportReason.KEY_DIFFERS,
          service
              .apiKeySetAt()
              .map(at -> "Claviger's key was stored on " + LocalDate.ofInstant(at, ZoneOffset.UTC))
              .orElse("the service has no key in Claviger"));
      return Optional.empty();
    }
    Optional<ReportReason> obstacle = obstacle(service, source);
    if (obstacle.isPresent()) {
      arrivals.addRemark(
          ImportedKind.KEY, source.label(), obstacle.get(), "the key in Claviger was not replaced");
      return Optional.empty();
    }
    set(
        service.id(),
        sealer.seal(key, KeyBinding.ofApiKey(service.id(), service.destination())),
        arrivals.now());
    recordVersionAfter(service);
    arrivals.addRemark(ImportedKind.KEY, source.label(), ReportReason.KEY_REPLACED, "");
    return Optional.of(
        new Incoming.Changed(
            AuditAction.SERVICE_KEY_SET, AuditTargets.service(service), List.of("api_key")));
  }

  /**
   * Whether a service would send a key exactly as the source does: to the same endpoint, and
   * without headers that somebody has set in Claviger.
   */
  static boolean isSentAsThere(Instance service, Endpoint endpoint, Handle standard) {
    return service.endpoint().equals(endpoint)
        && service.settings().fields().apiStandard().equals(standard)
        && service.credential().kind() == CredentialKind.API_KEY
        && service.customHeaderNames().isEmpty();
  }

  /** Locks the service, and returns why the service can't get another key. */
  private Optional<ReportReason> obstacle(Instance service, KeyAtSource source) {
    if (TargetStores.needsConsent(service)) {
      return Optional.of(ReportReason.CONSENT_NEEDED);
    }
    if (service.placement().isNone()) {
      return Optional.of(ReportReason.STANDARD_TAKES_NO_KEY);
    }
    if (!isSentAsThere(service, source.endpoint(), source.standard())) {
      return Optional.of(ReportReason.DESTINATION_CHANGED_HERE);
    }
    return lockWithoutObjects(service.id(), service.version())
        ? Optional.empty()
        : Optional.of(ReportReason.IN_USE_HERE);
  }

  /**
   * Records the version that the service has after the import stored a new key. So the new key does
   * not count as a change by a user, and an undo can still remove what the import made.
   *
   * @param service the service as it was before the change
   */
  private void recordVersionAfter(Instance service) {
    Database.update(
        database
            .jdbc()
            .sql(
                """
                update arrivals set version = version + 1
                where kind in (:service, :key) and object_id = :id and version = :version
                """)
            .param("service", ImportedKind.SERVICE.wireName())
            .param("key", ImportedKind.KEY.wireName())
            .param("id", service.id().value())
            .param("version", service.version()));
  }

  /**
   * Returns a key; empty if it is invalid. A service with an invalid key is imported without it.
   */
  private static Optional<Secret> secret(String key) {
    try {
      return Optional.of(Secret.apiKey(key.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Locks a service and returns whether a key can be added to the service. The service must not
   * have a key yet, and no object may be stored at its provider, because the imported key could
   * belong to another account of the provider.
   */
  boolean lockKeyless(Instance.Id service) {
    return lockWithoutObjects("i.api_key_sealed is null", service, 0);
  }

  /**
   * Locks a service, provided that it has this version and that nothing is stored at its provider.
   * Returns false if no service was locked.
   */
  private boolean lockWithoutObjects(Instance.Id service, long version) {
    return lockWithoutObjects("i.version = :version", service, version);
  }

  private boolean lockWithoutObjects(String condition, Instance.Id service, long version) {
    return database
        .jdbc()
        .sql(
            """
            select i.id
            from instances i
            where i.id = :id and %s
              and not exists (
                select from provider_objects o where o.service_id = i.id and o.state = 'live')
              and not exists (select from shared_objects o where o.service_id = i.id)
            for update of i
            """
                .formatted(condition))
        .param("id", service.value())
        .param("version", version)
        .query(UUID.class)
        .optional()
        .isPresent();
  }

  void set(Instance.Id service, SealedValue sealed, Instant at) {
    Database.require(
        1,
        database
            .jdbc()
            .sql(
                """
                update instances
                set api_key_sealed = :sealed, api_key_set_at = :at, account = account + 1,
                  updated_at = :at, version = version + 1
                where id = :id
                """)
            .param("id", service.value())
            .param("sealed", sealed.bytes())
            .param("at", Parameters.at(at))
            .update());
  }
}
