package io.claviger.application.fakes;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.fakes.InMemoryModelLists.StoredList;
import io.claviger.application.fakes.InMemoryPrices.BoundedModel;
import io.claviger.application.fakes.InMemoryPrices.StoredPrice;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.oauth.port.RefreshTokenStore.Family;
import io.claviger.application.retention.port.RetentionPolicyStore.StoredPolicy;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.projects.Project;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.scim.ScimUser;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.HeldShares.Grant;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustedIssuer;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All rows of the in-memory store. */
final class Tables {
  /** The row of a token, which is found by {@code hash}. */
  record StoredToken(AccessToken token, TokenHash hash) {}

  /** Who had a handle last and was deleted. */
  record FormerRow(User.Id id, Optional<ScimUser> provisioned) {}

  /** The row of a device sign-in, which is found by {@code hash}. */
  record StoredDevice(DeviceAuthorization device, TokenHash hash) {}

  /** The row of a webhook, with the messages that wait for it. */
  record WebhookRow(
      Webhook webhook,
      SealedValue secret,
      List<WebhookMessage> messages,
      Instant nextAttempt,
      int failures,
      Optional<Instant> deliveredAt,
      Optional<WebhookStore.Failure> failure) {}

  /** The row of an instance, with its sealed values. */
  record StoredInstance(
      Instance instance,
      Optional<SealedValue> apiKey,
      Optional<SealedValue> headers,
      long headersVersion) {}

  /** Who was the first to name a model that usage tells apart; empty for the owning user. */
  record NamedModel(Optional<User.Id> by, boolean listed) {}

  /** The primary key of a user's own key. */
  record UserKeyAt(Instance.Id instance, User.Id user) {}

  /** The row of a user's own key, with its sealed value. */
  record StoredUserKey(UserKey key, SealedValue value) {}

  /** The row of a live model. Its handles are looked up when it is read. */
  record StoredModel(ModelConfig model, Optional<User.Id> createdBy, Optional<User.Id> updatedBy) {}

  /** The primary key of a membership. */
  record MemberKey(Group.Id group, User.Id user) {}

  /** The users whose requests an owner has muted. */
  record StoredMutes(boolean everybody, List<User.Id> users) {}

  /** The primary key of limits of a group. */
  record GroupLimitsKey(Group.Id group, boolean pooled) {}

  /** The primary key of an invoice. */
  record InvoiceKey(BillStore.Account account, YearMonth month) {}

  /** The primary key of a month of a bill. */
  record BillMonthKey(Instance.Id service, YearMonth month) {}

  /** The primary key of a day of a bill. */
  record BillDayKey(BillStore.Account account, LocalDate day) {}

  /** When a bill is read, and how that went. */
  record BillRun(Instant due, Optional<Instant> asked, BillReadingStore.Readings readings) {}

  /** The primary key of a share. */
  record ShareKey<I>(I shared, GranteeId grantee) {}

  /** The row of a share. The giver's handle is looked up when it is read. */
  record StoredShare(Share share, Optional<User.Id> givenBy) {}

  final Map<User.Id, User> users = new HashMap<>();
  final Map<Group.Id, Group> groups = new HashMap<>();
  final Map<MemberKey, GroupMember> groupMembers = new HashMap<>();
  final Map<User.Id, AssignedLimitsStore.StoredLimits> userLimits = new HashMap<>();
  final Map<GroupLimitsKey, AssignedLimitsStore.StoredLimits> groupLimits = new HashMap<>();
  final Map<TokenHash, StoredToken> tokens = new HashMap<>();

  /** All users who have ever had a token. */
  final Set<User.Id> hadToken = new HashSet<>();

  final Map<TrustedIssuer.Id, TrustedIssuer> trustedIssuers = new HashMap<>();
  final Map<Trust.Id, Trust> trusts = new HashMap<>();
  final Map<TokenHash, ScimToken> scimTokens = new HashMap<>();
  final Map<User.Id, ScimUser> scimUsers = new HashMap<>();
  final Map<Handle, FormerRow> formerUsers = new HashMap<>();
  final Map<Group.Id, ScimGroup> scimGroups = new HashMap<>();
  final Map<GranteeId, WebhookRow> webhooks = new HashMap<>();
  StoredPolicy retention = new StoredPolicy(RetentionPolicy.FOR_EVER, 1, Seeds.SEEDED_AT);
  final Map<UUID, StoredDevice> devices = new HashMap<>();

  /** The valid refresh tokens, by the hash of their family. */
  final Map<TokenHash, Family> families = new HashMap<>();

  final Map<Handle, ApiStandard> standards = new HashMap<>();
  final Map<Handle, ListedProvider> providers = new HashMap<>();
  final Map<Definition.Id, Definition> definitions = new HashMap<>();
  final Map<Instance.Id, StoredInstance> instances = new HashMap<>();
  final Map<Instance.Id, GivenCredential> givenCredentials = new HashMap<>();
  final Map<ShareKey<Instance.Id>, StoredShare> shares = new HashMap<>();
  final Set<ShareKey<Instance.Id>> bareNames = new HashSet<>();
  final Map<ShareKey<Definition.Id>, StoredShare> definitionShares = new HashMap<>();
  final Map<Project.Id, Project> projects = new HashMap<>();
  final Map<ShareKey<Project.Id>, StoredShare> projectShares = new HashMap<>();
  final Map<UserKeyAt, StoredUserKey> userKeys = new HashMap<>();
  final Map<User.Id, Instance.Id> defaults = new HashMap<>();
  final Map<ModelConfig.Id, StoredModel> models = new HashMap<>();
  final List<InMemoryModelConfigs.Deleted> deletedModels = new ArrayList<>();
  final Map<ListOf, StoredList> modelLists = new HashMap<>();
  final Map<EncryptionKeyId, EncryptionKeyStore.Known> encryptionKeys = new HashMap<>();
  final List<StoredPrice> prices = new ArrayList<>();
  final Map<BoundedModel, ModelBounds> modelBounds = new HashMap<>();
  final Map<InvoiceKey, Invoice> invoices = new HashMap<>();
  final Map<BillDayKey, ReadDay> billDays = new HashMap<>();
  final Map<Instance.Id, BillRun> billRuns = new HashMap<>();
  final Map<BillMonthKey, Long> billMonths = new HashMap<>();
  final Set<BillMonthKey> toldBills = new HashSet<>();
  long priceVersions;
  final Map<UsagePosition, UsageRow> usage = new HashMap<>();
  final Map<String, AccountCharge> usageCharges = new HashMap<>();
  final Map<UUID, Long> usageWriters = new HashMap<>();
  final Map<String, Map<CountedModel, NamedModel>> usageModels = new HashMap<>();
  final List<AuditEvent> auditEvents = new ArrayList<>();
  final Map<Transfer.Id, Transfer> transfers = new HashMap<>();
  final Map<BorrowRequest.Id, BorrowRequest> borrowRequests = new HashMap<>();
  final Map<User.Id, StoredMutes> mutedAskers = new HashMap<>();

  /** The former references of services and projects, by their ids. */
  final Map<UUID, List<FormerReference>> formerReferences = new HashMap<>();

  final Cascades cascades = new Cascades(this);

  /** The rows of a new database, after the migrations. */
  static Tables seeded() {
    Tables tables = new Tables();
    tables.users.put(User.Id.SYSTEM, Seeds.SYSTEM);
    Seeds.STANDARDS.forEach(s -> tables.standards.put(s.handle(), s));
    Seeds.PROVIDERS.forEach(p -> tables.providers.put(p.handle(), p));
    Seeds.DEFINITIONS.forEach(d -> tables.definitions.put(d.id(), d));
    return tables;
  }

  Tables copy() {
    Tables copy = new Tables();
    copy.users.putAll(users);
    copy.groups.putAll(groups);
    copy.groupMembers.putAll(groupMembers);
    copy.userLimits.putAll(userLimits);
    copy.groupLimits.putAll(groupLimits);
    copy.tokens.putAll(tokens);
    copy.hadToken.addAll(hadToken);
    copy.trustedIssuers.putAll(trustedIssuers);
    copy.scimTokens.putAll(scimTokens);
    copy.scimUsers.putAll(scimUsers);
    copy.formerUsers.putAll(formerUsers);
    copy.scimGroups.putAll(scimGroups);
    copy.trusts.putAll(trusts);
    copy.webhooks.putAll(webhooks);
    copy.retention = retention;
    copy.devices.putAll(devices);
    copy.families.putAll(families);
    copy.standards.putAll(standards);
    copy.providers.putAll(providers);
    copy.definitions.putAll(definitions);
    copy.instances.putAll(instances);
    copy.givenCredentials.putAll(givenCredentials);
    copy.shares.putAll(shares);
    copy.bareNames.addAll(bareNames);
    copy.definitionShares.putAll(definitionShares);
    copy.projects.putAll(projects);
    copy.projectShares.putAll(projectShares);
    copy.userKeys.putAll(userKeys);
    copy.defaults.putAll(defaults);
    copy.models.putAll(models);
    copy.deletedModels.addAll(deletedModels);
    copy.modelLists.putAll(modelLists);
    copy.encryptionKeys.putAll(encryptionKeys);
    copy.prices.addAll(prices);
    copy.modelBounds.putAll(modelBounds);
    copy.invoices.putAll(invoices);
    copy.billDays.putAll(billDays);
    copy.billRuns.putAll(billRuns);
    copy.billMonths.putAll(billMonths);
    copy.toldBills.addAll(toldBills);
    copy.priceVersions = priceVersions;
    copy.usage.putAll(usage);
    copy.usageCharges.putAll(usageCharges);
    copy.usageWriters.putAll(usageWriters);
    usageModels.forEach((day, models) -> copy.usageModels.put(day, new HashMap<>(models)));
    copy.auditEvents.addAll(auditEvents);
    copy.transfers.putAll(transfers);
    copy.borrowRequests.putAll(borrowRequests);
    copy.mutedAskers.putAll(mutedAskers);
    formerReferences.forEach((id, all) -> copy.formerReferences.put(id, new ArrayList<>(all)));
    return copy;
  }

  /** Deletes rows that stand in no transaction, and returns how many it deleted itself. */
  static <K, V> int delete(ConcurrentMap<K, V> rows, Predicate<V> which) {
    return (int)
        rows.entrySet().stream()
            .filter(entry -> which.test(entry.getValue()))
            .filter(entry -> rows.remove(entry.getKey(), entry.getValue()))
            .count();
  }

  static ConcurrencyConflict taken(String what) {
    return new ConcurrencyConflict(
        ConcurrencyConflict.How.TAKEN, new IllegalStateException(what + " is taken"));
  }

  static ConcurrencyConflict gone(String what) {
    return new ConcurrencyConflict(
        ConcurrencyConflict.How.REFERENCE_GONE, new IllegalStateException(what + " is gone"));
  }

  /** Only the user may have the handle {@code _system}. */
  static void requireUsualName(Handle handle) {
    if (handle.isSystem()) {
      throw new IllegalStateException("nothing but the user is called _system");
    }
  }

  void requireUser(User.Id id) {
    if (!users.containsKey(id)) {
      throw gone("the user");
    }
  }

  void requireGrantee(Grantee grantee) {
    switch (grantee) {
      case Grantee.OneUser user -> requireUser(user.id());
      case Grantee.Members members -> {
        if (!groups.containsKey(members.id())) {
          throw gone("the group");
        }
      }
    }
  }

  /**
   * Returns the ids with which something can be shared with a user: the user's own id, and the ids
   * of the user's groups.
   */
  private Stream<GranteeId> granteeIds(User.Id user) {
    return Stream.concat(Stream.of(user), groupsOf(user).stream());
  }

  /** The groups that a user is in. */
  List<Group.Id> groupsOf(User.Id user) {
    return groupMembers.keySet().stream()
        .filter(key -> key.user().equals(user))
        .map(MemberKey::group)
        .toList();
  }

  void requireStandard(Handle handle) {
    if (!standards.containsKey(handle)) {
      throw gone("the API standard");
    }
  }

  void requireProvider(Provider provider) {
    if (!providers.containsKey(new Handle(provider.wireName()))) {
      throw gone("the provider");
    }
  }

  boolean usesProvider(Handle handle) {
    Provider provider = Provider.of(handle.value());
    return definitions.values().stream().anyMatch(d -> d.fields().provider().equals(provider))
        || instances.values().stream().anyMatch(i -> i.instance().provider().equals(provider))
        || models.values().stream().anyMatch(m -> m.model().settings().provider().equals(provider));
  }

  Definition requireDefinition(Definition.Id id) {
    Definition stored = definitions.get(id);
    if (stored == null) {
      throw gone("the definition");
    }
    return stored;
  }

  Project requireProject(Project.Id id) {
    Project stored = projects.get(id);
    if (stored == null) {
      throw gone("the project");
    }
    return stored;
  }

  /** Nothing is shared with its owner or with {@code _system}. */
  static void requireOthers(User.Id owner, Share share) {
    if (share.grantee().id().equals(User.Id.SYSTEM) || owner.equals(share.grantee().id())) {
      throw new IllegalStateException("nothing is shared with its owner or with _system");
    }
  }

  /** The row of a share that has no terms except the role. */
  static Share inRole(Role role, Share share) {
    return new Share(
        share.grantee(),
        new Share.Terms(role, false, Optional.empty(), Limits.NONE),
        share.givenBy(),
        Optional.empty(),
        share.version(),
        share.createdAt(),
        share.appliedBy());
  }

  StoredInstance requireInstance(Instance.Id id) {
    StoredInstance stored = instances.get(id);
    if (stored == null) {
      throw gone("the instance");
    }
    return stored;
  }

  /** The format that an instance speaks. */
  WireFormat format(Instance instance) {
    return Objects.requireNonNull(standards.get(instance.settings().fields().apiStandard()))
        .format();
  }

  void requireLive(SealedValue value) {
    EncryptionKeyStore.Known key = encryptionKeys.get(value.sealedUnder());
    if (key == null || !key.live()) {
      throw gone("the live encryption key " + value.sealedUnder());
    }
  }

  /** All sealed values. */
  Stream<SealedValue> sealedValues() {
    return Stream.concat(
        instances.values().stream()
            .flatMap(i -> Stream.of(i.apiKey(), i.headers()))
            .flatMap(Optional::stream),
        userKeys.values().stream().map(StoredUserKey::value));
  }

  Optional<User> user(Handle handle) {
    return users.values().stream().filter(u -> u.handle().equals(handle)).findFirst();
  }

  Optional<StoredInstance> instance(Instance.Ref ref) {
    return instances.values().stream().filter(i -> i.instance().ref().equals(ref)).findFirst();
  }

  Optional<Project> project(Project.Ref ref) {
    return projects.values().stream().filter(p -> p.ref().equals(ref)).findFirst();
  }

  Optional<Role> membership(Project.Id project, User.Id user) {
    return granteeIds(user)
        .flatMap(id -> Stream.ofNullable(projectShares.get(new ShareKey<>(project, id))))
        .map(s -> s.share().terms().role())
        .max(Comparator.naturalOrder());
  }

  /** The sealed values of an instance, with the own key of one caller. */
  SealedKeys keys(StoredInstance stored, User.Id caller) {
    return new SealedKeys(
        stored.apiKey(),
        stored.headers(),
        Optional.ofNullable(userKeys.get(new UserKeyAt(stored.instance().id(), caller)))
            .map(StoredUserKey::value));
  }

  boolean isFirstTarget(Instance.Id instance) {
    return models.values().stream()
        .anyMatch(m -> m.model().instance().equals(Optional.of(instance)));
  }

  boolean isBoundTo(Instance.Id instance) {
    return models.values().stream()
        .flatMap(m -> m.model().targets().stream())
        .anyMatch(target -> target.service().equals(instance));
  }

  boolean seesByName(Definition.Id definition, User.Id user) {
    return granteeIds(user)
        .anyMatch(id -> definitionShares.containsKey(new ShareKey<>(definition, id)));
  }

  /** Whether another user's project uses an instance of this owner. */
  boolean usesAnothers(Project project, User.Id owner) {
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

  /** The instance, completed from the rows that it refers to. */
  Instance joined(Instance row) {
    ApiStandard standard = standards.get(row.settings().fields().apiStandard());
    if (standard == null) {
      throw new IllegalStateException("an instance without its API standard");
    }
    Optional<Definition.Ref> definition =
        row.settings()
            .definition()
            .flatMap(id -> Optional.ofNullable(definitions.get(id)))
            .map(Definition::ref);
    return new Instance(
        row.id(),
        row.owner(),
        row.ref(),
        row.settings().withProvider(current(row.provider())),
        standard.placement(),
        definition,
        row.customHeaderNames(),
        row.apiKeySetAt(),
        row.endpointSetBy(),
        row.headersSetBy(),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }

  /** The provider as the list has it now. */
  Provider current(Provider provider) {
    return Objects.requireNonNull(providers.get(new Handle(provider.wireName()))).provider();
  }

  ModelConfig joined(StoredModel stored) {
    ModelConfig row = stored.model();
    return new ModelConfig(
        row.id(),
        row.settings(),
        row.isDefault(),
        row.instance(),
        row.route(),
        stored.createdBy().flatMap(this::handle),
        stored.updatedBy().flatMap(this::handle),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }

  private Optional<Handle> handle(User.Id id) {
    return Optional.ofNullable(users.get(id)).map(User::handle);
  }

  DeletedModel joined(InMemoryModelConfigs.Deleted row) {
    return new DeletedModel(row.model(), row.author().flatMap(this::handle), row.at());
  }

  Optional<User.Id> idOf(Handle handle) {
    return users.values().stream()
        .filter(user -> user.handle().equals(handle))
        .map(User::id)
        .findFirst();
  }

  AccessToken joined(AccessToken row) {
    return new AccessToken(
        row.id(),
        row.user(),
        row.name(),
        row.scope(),
        row.provenance(),
        row.restriction().map(this::joined),
        row.limits(),
        row.inherited(),
        row.createdAt(),
        row.expiresAt(),
        row.lastUsedAt(),
        row.refreshableUntil(),
        row.binding(),
        row.stray());
  }

  /** The token with the names of the services for which it was imported. */
  AccessToken listed(AccessToken token) {
    return token
        .imported()
        .flatMap(AccessToken.Imported::services)
        .map(
            ids ->
                token.withImportedServices(
                    instances.values().stream()
                        .map(StoredInstance::instance)
                        .filter(instance -> ids.contains(instance.id().value()))
                        .map(instance -> instance.ref().toString())
                        .sorted()
                        .toList()))
        .orElse(token);
  }

  /** The trust with its issuer as it is now. */
  Trust joined(Trust row) {
    TrustedIssuer issuer = Objects.requireNonNull(trustedIssuers.get(row.issuer().id()));
    return new Trust(
        row.id(),
        row.account(),
        row.name(),
        issuer,
        row.terms(),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }

  boolean isExchangedBy(AccessToken token, Trust.Id trust) {
    return token.exchanged().filter(e -> e.trust().equals(trust.value())).isPresent();
  }

  boolean isExchangedBy(AccessToken token, TrustedIssuer.Id issuer) {
    return trusts.values().stream()
        .filter(trust -> trust.issuer().id().equals(issuer))
        .anyMatch(trust -> isExchangedBy(token, trust.id()));
  }

  /**
   * @throws ConcurrencyConflict when what a token is to be restricted to is gone
   */
  TokenRestriction joined(TokenRestriction restriction) {
    return switch (restriction) {
      case TokenRestriction.ToService one -> {
        Instance.Ref ref = requireInstance(new Instance.Id(one.id())).instance().ref();
        yield new TokenRestriction.ToService(one.id(), ref.toString());
      }
      case TokenRestriction.ToProject one -> {
        Project.Ref ref = requireProject(new Project.Id(one.id())).ref();
        yield new TokenRestriction.ToProject(one.id(), ref.toString());
      }
    };
  }

  Optional<Share> share(Instance.Id instance, User.Id grantee) {
    return Optional.ofNullable(shares.get(new ShareKey<>(instance, grantee))).map(this::joined);
  }

  /** The shares of an instance that a user holds, themselves and by their groups. */
  HeldShares held(Instance.Id instance, User.Id user, Instant now) {
    boolean owned = requireInstance(instance).instance().owner().equals(user);
    return HeldShares.of(share(instance, user), owned ? List.of() : byGroups(instance, user), now);
  }

  List<GroupShare> byGroups(Instance.Id instance, User.Id user) {
    return groupsOf(user).stream()
        .flatMap(group -> Stream.ofNullable(shares.get(new ShareKey<>(instance, group))))
        .map(StoredShare::share)
        .map(Tables::byGroup)
        .toList();
  }

  private static GroupShare byGroup(Share share) {
    return switch (share.grantee()) {
      case Grantee.Members group -> GroupShare.of(group, share);
      case Grantee.OneUser user -> throw new IllegalStateException("a user's share");
    };
  }

  /** Returns the share that lasts longest, of all shares by which a user sees an instance. */
  HeldShares longestHeld(Instance.Id instance, User.Id user) {
    return HeldShares.own(
        granteeIds(user)
            .flatMap(id -> Stream.ofNullable(shares.get(new ShareKey<>(instance, id))))
            .map(this::joined)
            .max(Comparator.comparing(share -> share.terms().expiresAt().orElse(Instant.MAX))));
  }

  /**
   * Returns the limits of the giver: the limits of the share with which the share was given that a
   * user's calls use.
   */
  Optional<Limits> giversLimits(Instance.Id instance, User.Id grantee, Instant now) {
    return held(instance, grantee, now)
        .grant(now)
        .flatMap(Grant::giver)
        .flatMap(giver -> share(instance, giver))
        .map(share -> share.terms().limits());
  }

  Share joined(StoredShare stored) {
    Share row = stored.share();
    Optional<Handle> giver = stored.givenBy().flatMap(this::handle);
    return new Share(
        row.grantee(),
        row.terms(),
        giver,
        row.givenVia(),
        row.version(),
        row.createdAt(),
        row.appliedBy());
  }
}
