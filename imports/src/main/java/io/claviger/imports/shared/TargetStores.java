package io.claviger.imports.shared;

import io.claviger.application.accounts.ImportedTokens;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.prices.CachedPriceBook;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Email;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.NeededConsents;
import io.claviger.domain.models.DefaultModel;
import io.claviger.domain.models.DefaultModel.DefaultModelCandidate;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.accounts.JdbcUsers;
import io.claviger.persistence.budgets.BudgetOpenings;
import io.claviger.persistence.definitions.JdbcDefinitions;
import io.claviger.persistence.groups.JdbcGroups;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.instances.JdbcInstances;
import io.claviger.persistence.keys.JdbcUserKeys;
import io.claviger.persistence.limits.JdbcAssignedLimits;
import io.claviger.persistence.models.JdbcModelConfigs;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.projects.JdbcProjects;
import io.claviger.persistence.retention.JdbcRetentionPolicy;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.sharing.JdbcShares;
import io.claviger.persistence.standards.JdbcApiStandards;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The stores of Claviger to which an import writes. */
public final class TargetStores {
  final UserStore users;
  final InstanceStore services;
  final ModelConfigStore models;
  final UserKeyStore userKeys;
  final ApiStandardStore standards;
  final GroupStore groups;
  final InstanceShareStore shares;
  final AssignedLimitsStore limits;
  final AccessTokenStore tokens;
  final DefinitionStore definitions;
  final ShareStore<Definition.Id> definitionShares;
  final ProjectStore projects;
  final ShareStore<Project.Id> projectShares;
  final Sealer sealer;
  final UsageRows usage;
  final ServiceKeys keys;
  private final BudgetOpenings openings;
  private final PriceBook prices;
  private final Database database;
  private final String program;
  private final Map<UUID, Handle> handles = new HashMap<>();
  private Optional<Map<String, Set<Handle>>> people = Optional.empty();
  private Optional<TokensOfBatch> tokensOfBatch = Optional.empty();

  /** The object that adds all tokens of one batch. Each batch is one transaction. */
  private record TokensOfBatch(Arrivals batch, ImportedTokens tokens) {}

  /**
   * @param program the name of the source system
   * @param replacingKeys whether a service that an earlier run imported gets the key that it has in
   *     the source now
   */
  public TargetStores(Database database, Sealer sealer, String program, boolean replacingKeys) {
    this.database = database;
    this.program = program;
    this.sealer = sealer;
    this.users = new JdbcUsers(database);
    this.services = new JdbcInstances(database);
    this.models = new JdbcModelConfigs(database);
    this.userKeys = new JdbcUserKeys(database);
    this.standards = new JdbcApiStandards(database);
    this.groups = new JdbcGroups(database);
    this.shares = JdbcShares.ofInstances(database);
    this.limits = new JdbcAssignedLimits(database);
    this.tokens = new JdbcAccessTokens(database);
    this.definitions = new JdbcDefinitions(database);
    this.definitionShares = JdbcShares.ofDefinitions(database);
    this.projects = new JdbcProjects(database);
    this.projectShares = JdbcShares.ofProjects(database);
    this.usage = new UsageRows(database, program);
    this.keys = new ServiceKeys(database, services, sealer, replacingKeys);
    this.openings = new BudgetOpenings(database);
    this.prices =
        new CachedPriceBook(new JdbcPrices(database), InstantSource.system(), () -> false);
  }

  /**
   * Returns the users who had this e-mail address when the import began, ignoring upper and lower
   * case.
   */
  Set<Handle> peopleWith(Email email) {
    if (people.isEmpty()) {
      people = Optional.of(peopleByEmail());
    }
    return people.get().getOrDefault(email.value().toLowerCase(Locale.ROOT), Set.of());
  }

  private Map<String, Set<Handle>> peopleByEmail() {
    Map<String, Set<Handle>> found = new HashMap<>();
    database
        .jdbc()
        .sql("select handle, email from users where email is not null and kind = 'person'")
        .query(
            row -> {
              boolean unused =
                  found
                      .computeIfAbsent(
                          row.getString("email").toLowerCase(Locale.ROOT),
                          address -> new HashSet<>())
                      .add(new Handle(row.getString("handle")));
            });
    return found;
  }

  /** Returns the object that adds this batch's tokens. */
  ImportedTokens importedTokens(Arrivals batch) {
    Optional<ImportedTokens> same =
        tokensOfBatch.filter(known -> known.batch().equals(batch)).map(TokensOfBatch::tokens);
    ImportedTokens adding =
        same.orElseGet(() -> ImportedTokens.inOneTransaction(tokens, batch::nextId));
    tokensOfBatch = Optional.of(new TokensOfBatch(batch, adding));
    return adding;
  }

  /**
   * Charges the amount that was spent before the import to the holder's first budget, in the
   * present window of this budget.
   *
   * @param spent the amount that was spent, in nano-dollars, tokens or requests; 0 if nothing was
   *     spent
   */
  void open(BudgetHolder holder, Limits limits, long spent) {
    if (spent > 0) {
      limits.budgets().all().stream()
          .findFirst()
          .map(budget -> new BudgetAccount(holder.account(), budget.key()))
          .ifPresent(account -> charge(account, spent));
    }
  }

  private void charge(BudgetAccount account, long spent) {
    boolean unused = openings.open(account, spent, program);
  }

  /**
   * Whether there is a price at which budgets are charged for calls of a model through this
   * service.
   */
  public boolean isPriced(UUID service, Provider provider, ModelName model) {
    return prices
        .find(PricedModel.of(new Instance.Id(service), provider, model))
        .forCallers()
        .isPresent();
  }

  /** Whether an identity provider decides who the members of a group are. */
  boolean isSynced(Handle group) {
    return groups.find(group).filter(found -> found.source().isPresent()).isPresent();
  }

  /**
   * Returns the shares through which a user or service account may call services.
   *
   * @return the ids of the shares' holders, which are the user or the user's groups, keyed by
   *     service; only services that the user may call. A service that everybody may call, or that
   *     belongs to the user, might have no holders
   */
  Map<UUID, Set<UUID>> sharesUsedBy(User.Id user, Set<UUID> services, Instant now) {
    Map<UUID, Set<UUID>> used = new HashMap<>();
    database
        .jdbc()
        .sql(
            """
            select i.id, h.grantee_id
            from instances i
            left join shares h on h.instance_id = i.id
              and (h.expires_at is null or h.expires_at > :now)
              and h.grantee_id = any(array(
                select cast(:user as uuid)
                union all select m.group_id from group_members m where m.user_id = :user))
            where i.id = any(:services)
              and (h.grantee_id is not null or i.is_everybodys or i.owner_id = :user)
            """)
        .param("user", user.value())
        .param("services", services.toArray(UUID[]::new))
        .param("now", Parameters.at(now))
        .query(
            row -> {
              Set<UUID> holders =
                  used.computeIfAbsent(row.getObject("id", UUID.class), id -> new HashSet<>());
              UUID holder = row.getObject("grantee_id", UUID.class);
              boolean unused = holder != null && holders.add(holder);
            });
    return used;
  }

  /**
   * Adds a remark if an amount was spent in the source from a budget that also exists in Claviger.
   * Such an amount is not charged, because undoing the import could not take it back.
   *
   * @param holder the budget's holder in Claviger
   */
  static void remarkUncharged(
      Incoming thing, Limits limits, long spent, String holder, Arrivals arrivals) {
    if (spent > 0) {
      limits.budgets().all().stream()
          .findFirst()
          .ifPresent(
              budget ->
                  arrivals.addRemark(
                      thing.kind(),
                      thing.label(),
                      ReportReason.SPENT_NOT_CHARGED,
                      "%s %s of %s"
                          .formatted(
                              budget.key().unit().text(spent),
                              budget.key().unit().wireName(),
                              holder)));
    }
  }

  /** Returns the handle of an imported user, service account or group. Handles never change. */
  Handle handleOf(ImportedKind kind, UUID id) {
    return handles.computeIfAbsent(
        id,
        missing ->
            new Handle(
                database
                    .jdbc()
                    .sql(
                        "select handle from %s where id = :id"
                            .formatted(kind == ImportedKind.GROUP ? "groups" : "users"))
                    .param("id", id)
                    .query(String.class)
                    .single()));
  }

  /**
   * Returns the API standard that now has the given handle, for use in the import's rules. When the
   * things are created later, another standard might have the handle.
   */
  public Optional<ApiStandard> standard(Handle handle) {
    return standards.find(handle);
  }

  /**
   * Returns the source ids of all things of a kind that were imported earlier, even if they no
   * longer exist.
   */
  public Set<String> importedFrom(String source, ImportedKind kind) {
    return database
        .jdbc()
        .sql("select name from arrivals where source = :source and kind = :kind")
        .param("source", source)
        .param("kind", kind.wireName())
        .query((row, n) -> String.valueOf(row.getString("name")))
        .set();
  }

  /**
   * Returns the services that were imported from a source earlier, oldest first, even if they no
   * longer exist.
   */
  public List<EarlierService> servicesFrom(String source, Instant now) {
    record EarlierRow(String name, Optional<UUID> id) {}
    return database
        .jdbc()
        .sql(
            """
            select name, object_id from arrivals
            where source = :source and kind = :kind
            order by arrived_at, made, name
            """)
        .param("source", source)
        .param("kind", ImportedKind.SERVICE.wireName())
        .query(
            (row, n) ->
                new EarlierRow(
                    String.valueOf(row.getString("name")),
                    Optional.ofNullable(row.getObject("object_id", UUID.class))))
        .list()
        .stream()
        .map(
            row ->
                earlier(
                    row.name(),
                    row.id()
                        .flatMap(id -> services.find(new Instance.Id(id), User.Id.SYSTEM, now))))
        .toList();
  }

  /**
   * Returns the tokens that were imported from a source earlier, and that are still valid.
   *
   * @return the name and owner of each token, keyed by the token's id in the source
   */
  public Map<String, String> tokensFrom(String source, Instant now) {
    Map<String, String> found = new TreeMap<>();
    database
        .jdbc()
        .sql(
            """
            select a.name, t.name as token, u.handle
            from arrivals a
            join access_tokens t on t.id = a.object_id
            join users u on u.id = t.user_id
            where a.source = :source and a.kind = :kind
              and (t.expires_at is null or t.expires_at > :now)
            """)
        .param("source", source)
        .param("kind", ImportedKind.TOKEN.wireName())
        .param("now", Parameters.at(now))
        .query(
            row -> {
              String unused =
                  found.put(
                      String.valueOf(row.getString("name")),
                      row.getString("token") + " of " + row.getString("handle"));
            });
    return found;
  }

  private EarlierService earlier(String name, Optional<VisibleInstance> found) {
    return new EarlierService(
        name,
        found
            .map(VisibleInstance::instance)
            .map(
                instance ->
                    new EarlierService.Place(
                        instance.provider(),
                        instance.endpoint(),
                        instance.endpointSetBy().isPresent())),
        key -> found.filter(service -> keys.has(service, key)).isPresent());
  }

  /**
   * Returns the days whose usage was imported earlier, in order, for each user of a source.
   *
   * @return the days, keyed by the users' ids in the source
   */
  public Map<String, List<IncomingUsage.Span>> usageFrom(String source) {
    Map<String, List<IncomingUsage.Span>> spans = new HashMap<>();
    importedFrom(source, ImportedKind.USAGE).stream()
        .sorted()
        .forEach(
            name -> {
              boolean unused =
                  spans
                      .computeIfAbsent(name.substring(22), user -> new ArrayList<>())
                      .add(IncomingUsage.Span.ofName(name));
            });
    return spans;
  }

  /**
   * Returns the first day whose usage Claviger still keeps; empty if Claviger keeps all usage.
   *
   * @param bounds the operator's bounds for how long usage is kept
   */
  public Optional<LocalDate> keptSince(RetentionPolicy bounds, Instant now) {
    return new JdbcRetentionPolicy(database)
        .find()
        .policy()
        .within(bounds)
        .usage()
        .map(months -> months.firstKept(now));
  }

  /**
   * Whether a user or group has a handle, or had it before being deleted. An import gives nobody
   * such a handle. If an import did, somebody who chooses names in the source could decide to whom
   * Claviger's files and settings refer. The handle {@code root} is taken even before there is such
   * a user, because a start of Claviger makes this user an administrator.
   */
  boolean isTaken(Handle handle) {
    return handle.equals(Handle.ROOT)
        || users.find(handle).isPresent()
        || new JdbcIdentities(database).findFormer(handle).isPresent();
  }

  UUID idOfStandard(Handle handle) {
    return database
        .jdbc()
        .sql("select id from api_standards where handle = :handle")
        .param("handle", handle.value())
        .query(UUID.class)
        .single();
  }

  /**
   * Finds an owner's definition, service or project with this handle. Also finds the thing by an
   * unexpired former reference with this handle.
   */
  Optional<UUID> owned(ImportedKind kind, IncomingOwner.Here owner, Handle handle) {
    return database
        .jdbc()
        .sql(
            """
            select id from %s where owner_id = :owner and handle = :handle
            union all
            select coalesce(service_id, project_id)
            from moved_references
            where kind = :kind and owner_handle = :owner_handle and handle = :handle
              and until > clock_timestamp()
            limit 1
            """
                .formatted(tableOf(kind)))
        .param("owner", owner.id().value())
        .param("owner_handle", owner.handle().value())
        .param("handle", handle.value())
        .param("kind", kind.wireName())
        .query(UUID.class)
        .optional();
  }

  private static String tableOf(ImportedKind kind) {
    return switch (kind) {
      case DEFINITION -> "definitions";
      case SERVICE -> "instances";
      case PROJECT -> "projects";
      default -> throw new IllegalArgumentException(kind + " is owned by nobody");
    };
  }

  /** The owner of a thing, with the present handles of the owner and the thing. */
  record Owned(User.Id owner, Handle ownerHandle, Handle handle) {
    String ref() {
      return ownerHandle + "/" + handle;
    }
  }

  /** Finds a definition, service or project by its Claviger id. */
  Optional<Owned> ownedThing(ImportedKind kind, UUID id) {
    return database
        .jdbc()
        .sql(
            "select owner_id, owner_handle, handle from %s where id = :id".formatted(tableOf(kind)))
        .param("id", id)
        .query(
            (row, n) ->
                new Owned(
                    new User.Id(row.getObject("owner_id", UUID.class)),
                    new Handle(row.getString("owner_handle")),
                    new Handle(row.getString("handle"))))
        .optional();
  }

  Optional<Definition.Ref> definitionRef(UUID id) {
    return ownedThing(ImportedKind.DEFINITION, id)
        .map(owned -> new Definition.Ref(owned.ownerHandle(), owned.handle()));
  }

  /**
   * Returns whether others have to consent to a new destination for a service's key, or to a new
   * owner of the service.
   */
  static boolean needsConsent(Instance service) {
    return service.settings().approvals().count() > NeededConsents.ONE.count();
  }

  /**
   * Returns {@link #needsConsent} for a service, and prevents changes of the service until the
   * present transaction ends.
   */
  boolean holdNeedsConsent(Instance.Id service) {
    return database
        .jdbc()
        .sql("select approvals > :alone from instances where id = :id for share")
        .param("alone", NeededConsents.ONE.count())
        .param("id", service.value())
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /**
   * If the default model was removed, makes another model the default. The choice does not count as
   * a change by a user, so another undo can still remove the chosen model.
   */
  public void mendDefaultModel(Instant now) {
    models.lock();
    List<ModelConfig> live = models.live(Optional.empty(), Integer.MAX_VALUE);
    List<DefaultModelCandidate> candidates =
        live.stream()
            .map(
                m ->
                    new DefaultModelCandidate(
                        m.id(), m.createdAt(), m.isDefault(), m.settings().enabled()))
            .toList();
    Optional<ModelConfig.Id> chosen = DefaultModel.defaultOf(candidates, false);
    live.stream()
        .filter(m -> !m.isDefault() && chosen.equals(Optional.of(m.id())))
        .forEach(
            m -> {
              models.update(
                  new ModelConfig(
                      m.id(),
                      m.settings(),
                      true,
                      m.instance(),
                      m.route(),
                      m.createdBy(),
                      Optional.of(Handle.SYSTEM),
                      m.version() + 1,
                      m.createdAt(),
                      now),
                  User.Id.SYSTEM);
              Database.update(
                  database
                      .jdbc()
                      .sql(
                          """
                          update arrivals set version = version + 1
                          where kind = :kind and object_id = :id and version = :version
                          """)
                      .param("kind", ImportedKind.MODEL.wireName())
                      .param("id", m.id().value())
                      .param("version", m.version()));
            });
  }
}
