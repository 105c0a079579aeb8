package io.claviger.testkit;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.shared.LostRace;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All rows, and what a database does with them on its own: references and cascades. */
final class Tables {
  /** A token's row; {@code hash} is what it is found by. */
  record StoredToken(AccessToken token, TokenHash hash) {}

  /** An instance's row, with what is sealed. */
  record StoredInstance(
      Instance instance, Optional<SealedValue> apiKey, Optional<SealedValue> headers) {}

  /** What a share is found by. */
  record ShareKey(InstanceId instance, UserId grantee) {}

  /** A share's row; the giver's handle in it is looked up when it is read. */
  record StoredShare(Share share, Optional<UserId> givenBy) {}

  final Map<UserId, User> users = new HashMap<>();
  final Map<TokenHash, StoredToken> tokens = new HashMap<>();
  final Map<Handle, ApiStandard> standards = new HashMap<>();
  final Map<DefinitionId, Definition> definitions = new HashMap<>();
  final Map<InstanceId, StoredInstance> instances = new HashMap<>();
  final Map<ShareKey, StoredShare> shares = new HashMap<>();
  final Map<EncryptionKeyId, EncryptionKeys.Known> encryptionKeys = new HashMap<>();
  final List<AuditEvent> auditEvents = new ArrayList<>();

  /** As the migrations leave a new database. */
  static Tables seeded() {
    Tables tables = new Tables();
    tables.users.put(UserId.SYSTEM, Seeds.SYSTEM);
    Seeds.STANDARDS.forEach(s -> tables.standards.put(s.handle(), s));
    Seeds.DEFINITIONS.forEach(d -> tables.definitions.put(d.id(), d));
    return tables;
  }

  Tables copy() {
    Tables copy = new Tables();
    copy.users.putAll(users);
    copy.tokens.putAll(tokens);
    copy.standards.putAll(standards);
    copy.definitions.putAll(definitions);
    copy.instances.putAll(instances);
    copy.shares.putAll(shares);
    copy.encryptionKeys.putAll(encryptionKeys);
    copy.auditEvents.addAll(auditEvents);
    return copy;
  }

  static LostRace taken(String what) {
    return new LostRace(LostRace.How.TAKEN, new IllegalStateException(what + " is taken"));
  }

  static LostRace gone(String what) {
    return new LostRace(LostRace.How.REFERENCE_GONE, new IllegalStateException(what + " is gone"));
  }

  /** Only the user is called {@code _system}, nothing that somebody owns. */
  static void requireUsualName(Handle handle) {
    if (handle.isSystem()) {
      throw new IllegalStateException("nothing but the user is called _system");
    }
  }

  void requireUser(UserId id) {
    if (!users.containsKey(id)) {
      throw gone("the user");
    }
  }

  void requireStandard(Handle handle) {
    if (!standards.containsKey(handle)) {
      throw gone("the API standard");
    }
  }

  void requireDefinition(DefinitionId id) {
    if (!definitions.containsKey(id)) {
      throw gone("the definition");
    }
  }

  StoredInstance requireInstance(InstanceId id) {
    StoredInstance stored = instances.get(id);
    if (stored == null) {
      throw gone("the instance");
    }
    return stored;
  }

  void requireLive(SealedValue value) {
    EncryptionKeys.Known key = encryptionKeys.get(value.sealedUnder());
    if (key == null || !key.live()) {
      throw gone("the live encryption key " + value.sealedUnder());
    }
  }

  Optional<User> user(Handle handle) {
    return users.values().stream().filter(u -> u.handle().equals(handle)).findFirst();
  }

  Optional<StoredInstance> instance(InstanceRef ref) {
    return instances.values().stream().filter(i -> i.instance().ref().equals(ref)).findFirst();
  }

  boolean usesStandard(Handle handle) {
    return definitions.values().stream().anyMatch(d -> d.fields().apiStandard().equals(handle))
        || instances.values().stream()
            .anyMatch(i -> i.instance().settings().fields().apiStandard().equals(handle));
  }

  /** The instance with what is read from the rows it refers to. */
  Instance joined(Instance row) {
    ApiStandard standard = standards.get(row.settings().fields().apiStandard());
    if (standard == null) {
      throw new IllegalStateException("an instance without its API standard");
    }
    Optional<DefinitionRef> definition =
        row.settings()
            .definition()
            .flatMap(id -> Optional.ofNullable(definitions.get(id)))
            .map(Definition::ref);
    return new Instance(
        row.id(),
        row.owner(),
        row.ref(),
        row.settings(),
        standard.placement(),
        definition,
        row.customHeaderNames(),
        row.apiKeySetAt(),
        row.endpointSetBy(),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }

  AccessToken joined(AccessToken row) {
    if (row.restriction().orElse(null) instanceof TokenRestriction.ToService service) {
      Instance instance = requireInstance(new InstanceId(service.instance())).instance();
      return new AccessToken(
          row.id(),
          row.user(),
          row.name(),
          row.scope(),
          row.origin(),
          Optional.of(
              new TokenRestriction.ToService(service.instance(), instance.ref().toString())),
          row.limits(),
          row.createdAt(),
          row.expiresAt(),
          row.lastUsedAt());
    }
    return row;
  }

  Optional<Share> share(InstanceId instance, UserId grantee) {
    return Optional.ofNullable(shares.get(new ShareKey(instance, grantee))).map(this::joined);
  }

  Share joined(StoredShare stored) {
    Share row = stored.share();
    Optional<Handle> giver =
        stored.givenBy().flatMap(id -> Optional.ofNullable(users.get(id))).map(User::handle);
    return new Share(
        row.grantee(),
        row.granteeHandle(),
        row.terms(),
        giver,
        row.givenVia(),
        row.version(),
        row.createdAt());
  }

  boolean deleteShare(ShareKey key) {
    if (shares.remove(key) == null) {
      return false;
    }
    List<ShareKey> givenByIt =
        shares.keySet().stream()
            .filter(k -> k.instance().equals(key.instance()))
            .filter(k -> isGivenVia(k, key.grantee()))
            .toList();
    givenByIt.forEach(this::deleteShare);
    return true;
  }

  void deleteInstance(InstanceId id) {
    instances.remove(id);
    shares.keySet().removeIf(k -> k.instance().equals(id));
    tokens.values().removeIf(t -> isRestrictedTo(t.token(), id));
  }

  void deleteDefinition(DefinitionId id) {
    definitions.remove(id);
    instances.replaceAll(
        (i, row) ->
            row.instance().settings().definition().equals(Optional.of(id))
                ? new StoredInstance(withoutDefinition(row.instance()), row.apiKey(), row.headers())
                : row);
  }

  void deleteUser(UserId id) {
    users.remove(id);
    tokens.values().removeIf(t -> t.token().user().equals(id));
    definitions.values().stream()
        .filter(d -> d.owner().equals(id))
        .map(Definition::id)
        .toList()
        .forEach(this::deleteDefinition);
    instances.values().stream()
        .map(StoredInstance::instance)
        .filter(i -> i.owner().equals(id))
        .map(Instance::id)
        .toList()
        .forEach(this::deleteInstance);
    shares.keySet().stream()
        .filter(k -> k.grantee().equals(id))
        .toList()
        .forEach(this::deleteShare);
    shares.replaceAll(
        (k, s) -> new StoredShare(s.share(), s.givenBy().filter(giver -> !giver.equals(id))));
    instances.replaceAll(
        (i, row) ->
            row.instance().endpointSetBy().equals(Optional.of(id))
                ? new StoredInstance(
                    withoutEndpointSetter(row.instance()), row.apiKey(), row.headers())
                : row);
  }

  private boolean isGivenVia(ShareKey key, UserId coOwner) {
    StoredShare stored = shares.get(key);
    return stored != null && stored.share().givenVia().equals(Optional.of(coOwner));
  }

  private static boolean isRestrictedTo(AccessToken token, InstanceId id) {
    return token.restriction().orElse(null) instanceof TokenRestriction.ToService service
        && service.instance().equals(id.value());
  }

  private static Instance withoutDefinition(Instance row) {
    InstanceSettings old = row.settings();
    InstanceSettings settings =
        new InstanceSettings(
            old.displayName(),
            Optional.empty(),
            old.fields(),
            old.timeout(),
            old.organization(),
            old.enabled(),
            old.keyPolicy(),
            old.limits());
    return changed(row, settings, row.endpointSetBy());
  }

  private static Instance withoutEndpointSetter(Instance row) {
    return changed(row, row.settings(), Optional.empty());
  }

  private static Instance changed(
      Instance row, InstanceSettings settings, Optional<UserId> endpointSetBy) {
    return new Instance(
        row.id(),
        row.owner(),
        row.ref(),
        settings,
        row.placement(),
        Optional.empty(),
        row.customHeaderNames(),
        row.apiKeySetAt(),
        endpointSetBy,
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }
}
