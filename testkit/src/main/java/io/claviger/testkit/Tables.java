package io.claviger.testkit;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.shared.LostRace;
import io.claviger.application.shared.StillInUse;
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
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** All rows, and what a database does with them on its own: references and cascades. */
final class Tables {
  /** A token's row; {@code hash} is what it is found by. */
  record StoredToken(AccessToken token, TokenHash hash) {}

  /** An instance's row, with what is sealed. */
  record StoredInstance(
      Instance instance, Optional<SealedValue> apiKey, Optional<SealedValue> headers) {}

  /** What a share is found by. */
  record ShareKey<I>(I shared, UserId grantee) {}

  /** A share's row; the giver's handle in it is looked up when it is read. */
  record StoredShare(Share share, Optional<UserId> givenBy) {}

  final Map<UserId, User> users = new HashMap<>();
  final Map<TokenHash, StoredToken> tokens = new HashMap<>();
  final Map<Handle, ApiStandard> standards = new HashMap<>();
  final Map<DefinitionId, Definition> definitions = new HashMap<>();
  final Map<InstanceId, StoredInstance> instances = new HashMap<>();
  final Map<ShareKey<InstanceId>, StoredShare> shares = new HashMap<>();
  final Map<ShareKey<DefinitionId>, StoredShare> definitionShares = new HashMap<>();
  final Map<ProjectId, Project> projects = new HashMap<>();
  final Map<ShareKey<ProjectId>, StoredShare> projectShares = new HashMap<>();
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
    copy.definitionShares.putAll(definitionShares);
    copy.projects.putAll(projects);
    copy.projectShares.putAll(projectShares);
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

  Definition requireDefinition(DefinitionId id) {
    Definition stored = definitions.get(id);
    if (stored == null) {
      throw gone("the definition");
    }
    return stored;
  }

  Project requireProject(ProjectId id) {
    Project stored = projects.get(id);
    if (stored == null) {
      throw gone("the project");
    }
    return stored;
  }

  /** Nothing is shared with its owner or with {@code _system}. */
  static void requireOthers(UserId owner, Share share) {
    if (share.granteeHandle().isSystem() || owner.equals(share.grantee())) {
      throw new IllegalStateException("nothing is shared with its owner or with _system");
    }
  }

  /** What is kept of a share that has no terms but a role. */
  static Share inRole(Role role, Share share) {
    return new Share(
        share.grantee(),
        share.granteeHandle(),
        new Share.Terms(role, false, Optional.empty(), Limits.NONE),
        share.givenBy(),
        Optional.empty(),
        share.version(),
        share.createdAt());
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

  Optional<Project> project(ProjectRef ref) {
    return projects.values().stream().filter(p -> p.ref().equals(ref)).findFirst();
  }

  Optional<Role> membership(ProjectId project, UserId user) {
    return Optional.ofNullable(projectShares.get(new ShareKey<>(project, user)))
        .map(s -> s.share().terms().role());
  }

  boolean seesByName(DefinitionId definition, UserId user) {
    return definitionShares.containsKey(new ShareKey<>(definition, user));
  }

  /** Whether a project of somebody else uses an instance of this owner. */
  boolean usesAnothers(Project project, UserId owner) {
    return !project.owner().equals(owner)
        && project
            .instance()
            .map(id -> requireInstance(id).instance().owner())
            .equals(Optional.of(owner));
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
    return new AccessToken(
        row.id(),
        row.user(),
        row.name(),
        row.scope(),
        row.origin(),
        row.restriction().map(this::joined),
        row.limits(),
        row.createdAt(),
        row.expiresAt(),
        row.lastUsedAt());
  }

  /**
   * @throws LostRace when what a token is to be restricted to is gone
   */
  TokenRestriction joined(TokenRestriction restriction) {
    return switch (restriction) {
      case TokenRestriction.ToService one -> {
        InstanceRef ref = requireInstance(new InstanceId(one.instance())).instance().ref();
        yield new TokenRestriction.ToService(one.instance(), ref.toString());
      }
      case TokenRestriction.ToProject one -> {
        ProjectRef ref = requireProject(new ProjectId(one.project())).ref();
        yield new TokenRestriction.ToProject(one.project(), ref.toString());
      }
    };
  }

  Optional<Share> share(InstanceId instance, UserId grantee) {
    return Optional.ofNullable(shares.get(new ShareKey<>(instance, grantee))).map(this::joined);
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

  boolean deleteShare(ShareKey<InstanceId> key) {
    if (shares.remove(key) == null) {
      return false;
    }
    List<ShareKey<InstanceId>> givenByIt =
        shares.keySet().stream()
            .filter(k -> k.shared().equals(key.shared()))
            .filter(k -> isGivenVia(k, key.grantee()))
            .toList();
    givenByIt.forEach(this::deleteShare);
    return true;
  }

  void deleteInstance(InstanceId id) {
    if (projects.values().stream().anyMatch(p -> p.instance().equals(Optional.of(id)))) {
      throw new StillInUse(new IllegalStateException("a project uses the instance"));
    }
    instances.remove(id);
    shares.keySet().removeIf(k -> k.shared().equals(id));
    tokens.values().removeIf(t -> isRestrictedTo(t.token(), id.value()));
  }

  void deleteProject(ProjectId id) {
    projects.remove(id);
    projectShares.keySet().removeIf(k -> k.shared().equals(id));
    tokens.values().removeIf(t -> isRestrictedTo(t.token(), id.value()));
  }

  void deleteDefinition(DefinitionId id) {
    definitions.remove(id);
    definitionShares.keySet().removeIf(k -> k.shared().equals(id));
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
    // Before the instances: what a user's own projects use goes with these.
    projects.values().stream()
        .filter(p -> p.owner().equals(id))
        .map(Project::id)
        .toList()
        .forEach(this::deleteProject);
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
    definitionShares.keySet().removeIf(k -> k.grantee().equals(id));
    projectShares.keySet().removeIf(k -> k.grantee().equals(id));
    shares.replaceAll((k, s) -> withoutGiver(s, id));
    definitionShares.replaceAll((k, s) -> withoutGiver(s, id));
    projectShares.replaceAll((k, s) -> withoutGiver(s, id));
    instances.replaceAll(
        (i, row) ->
            row.instance().endpointSetBy().equals(Optional.of(id))
                ? new StoredInstance(
                    withoutEndpointSetter(row.instance()), row.apiKey(), row.headers())
                : row);
  }

  private static StoredShare withoutGiver(StoredShare row, UserId id) {
    return new StoredShare(row.share(), row.givenBy().filter(giver -> !giver.equals(id)));
  }

  private boolean isGivenVia(ShareKey<InstanceId> key, UserId coOwner) {
    StoredShare stored = shares.get(key);
    return stored != null && stored.share().givenVia().equals(Optional.of(coOwner));
  }

  private static boolean isRestrictedTo(AccessToken token, UUID id) {
    return token
        .restriction()
        .map(
            restriction ->
                switch (restriction) {
                  case TokenRestriction.ToService one -> one.instance();
                  case TokenRestriction.ToProject one -> one.project();
                })
        .equals(Optional.of(id));
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
