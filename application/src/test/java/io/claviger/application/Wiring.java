package io.claviger.application;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.ImportedPrefixes;
import io.claviger.application.accounts.ImportedTokens;
import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.Users;
import io.claviger.application.batches.BatchReservations;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.capacity.CapacityReports.CapacityReport;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.credentials.port.MintedStates;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.FieldsResolver;
import io.claviger.application.fakes.InMemoryAccessHistory;
import io.claviger.application.fakes.InMemoryBatchLedger;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.fakes.InMemoryNamingKeys;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.fakes.NamedCallContexts;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAdmission;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.CallKeys;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.gateway.PaceLimiter;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.LastContacts;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.prices.CachedPriceBook;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.VisibleTargets;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.routing.ServiceModels;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.RefusedChanges;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.MemberSight;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.SettableNanos;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All features on the in-memory ports, with methods that store users, services and shares directly.
 * {@link #recorded} returns the audit events since {@link #forget}.
 */
public final class Wiring {
  private static final CapacityReport NOT_USED =
      new CapacityReport(true, List.of(), WaitingCalls.NONE, List.of(), List.of());

  /** A key that must not appear in any output. */
  public static final String CANARY = "sk-canary-3f9d51c7e2";

  public static final String ADDRESS = "192.0.2.1";

  public final InMemoryPorts claviger = new InMemoryPorts();

  /** The clock of the node's caches. They are empty until they are refreshed. */
  public final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 1);

  public final InMemoryNamingKeys namingKeys = new InMemoryNamingKeys();
  public final CountingCallContexts facts =
      new CountingCallContexts(
          new NamedCallContexts(
              claviger.callContexts(), namingKeys, claviger.sealer(), claviger.randomBytes()));
  public final CountingPermitLeases leases = new CountingPermitLeases(claviger.permitLeases());
  public final AuthorizationCache memory = new AuthorizationCache(facts, claviger.changes(), nanos);
  public final Users users;
  public final AccessTokens accessTokens;
  public final Standards standards;
  public final Definitions definitions;
  public final Instances instances;
  public final UserKeys userKeys;
  public final DefaultServices defaults;
  public final Models models;
  public final ModelConfigs modelConfigs;
  public final Sharing sharing;
  public final BorrowRequests borrowRequests;
  public final Projects projects;
  public final KnownPrices knownPrices = new KnownPrices();
  public final CallAuthorization callAuthorization;

  /** Combines the events about keys that can't be opened. */
  public final RefusedChanges refused =
      new RefusedChanges(claviger.transactions(), claviger.auditTrail(), claviger.ids());

  public final ModelRouting modelRouting;
  public final ConnectionChecks connectionChecks;
  public final ServiceCalls serviceCalls;
  public final AuditedChanges changes;
  public final DraftChecks draftChecks;
  public final CallExplanations explanations;
  public final RejectedTokens rejected;
  public final UsageReports usage;
  public final UsageCounter usageCounter;
  private int forgotten;
  private int requests;

  public Wiring() {
    this(Optional.empty());
  }

  private AuditedChanges changes(Optional<RefusedChanges> counted) {
    return new AuditedChanges(
        claviger.transactions(),
        claviger.auditTrail(),
        claviger.credentials(),
        claviger.ids(),
        claviger.clock(),
        new AuditedChanges.Controls(memory::changedHere, Quotas.NONE, counted, ConsentDemand.NONE));
  }

  /**
   * @param environment the access token that this node has from its environment
   */
  public Wiring(Optional<TokenText> environment) {
    InMemoryPorts c = claviger;
    AuditedChanges attempts = changes(Optional.empty());
    TokenAcceptance acceptance =
        new TokenAcceptance(
            environment.map(TokenText::hash),
            Optional.of(
                new ImportedPrefixes(
                    () ->
                        c.accessTokens()
                            .importedPrefixes(c.clock().instant(), ImportedTokens.MOST_PREFIXES),
                    nanos)));
    rejected = new RejectedTokens(c.auditTrail(), c.ids(), c.accessTokens());
    ProjectReferences inUse = new ProjectReferences(c.projects());
    users =
        Users.of(
            c.users(),
            c.accessTokens(),
            new Lockout(c.credentials(), c.userKeys()),
            inUse,
            c.randomBytes(),
            attempts);
    Grantees grantees = new Grantees(c.users(), c.groups());
    standards = Standards.of(c.apiStandards(), attempts);
    definitions =
        Definitions.of(
            c.definitions(),
            new Shares<>(c.definitionShares(), grantees, attempts),
            new FieldsResolver(c.apiStandards(), c.providers()),
            c.users(),
            attempts);
    models = Models.of(c.modelConfigs(), c.sealer(), c.deploymentKeys(), attempts);
    modelConfigs =
        ModelConfigs.of(
            c.modelConfigs(),
            c.instances(),
            c.sealer(),
            c.deploymentKeys(),
            c.providers(),
            attempts);
    KeyAccess keys = new KeyAccess(c.userKeys(), c.sealer(), c.deploymentKeys(), c.destinations());
    instances =
        Instances.of(
            new Instances.Stores(
                c.instances(),
                inUse,
                ModelConfigs.catalogueOf(
                    c.modelConfigs(), c.instances(), c.sealer(), c.deploymentKeys(), attempts),
                c.apiStandards(),
                c.providers(),
                c.definitions(),
                c.users(),
                c.providerAccounts()),
            keys,
            LastContacts.NONE,
            MintedStates.NONE,
            List.of(),
            attempts);
    userKeys = UserKeys.of(c.instances(), c.userKeys(), c.sealer(), attempts);
    defaults = DefaultServices.of(c.instances(), c.defaultServices(), attempts);
    sharing =
        Sharing.of(
            c.instances(),
            c.shares(),
            c.borrowRequests(),
            grantees,
            new InMemoryAccessHistory(),
            new MemberSight(c.groups(), c.attributedUsers()),
            attempts);
    borrowRequests =
        BorrowRequests.of(
            c.borrowRequests(),
            c.instances(),
            c.users(),
            new ShareGrants(c.instances(), c.shares(), c.borrowRequests(), grantees, attempts),
            new RequestReferences(new InMemoryLinkCipher()),
            attempts);
    projects =
        Projects.of(
            c.projects(),
            c.projectShares(),
            c.instances(),
            c.shares(),
            c.users(),
            grantees,
            attempts);
    accessTokens =
        AccessTokens.of(
            c.users(),
            c.accessTokens(),
            new Lockout(c.credentials(), c.userKeys()),
            new VisibleTargets(instances, projects),
            c.randomBytes(),
            acceptance,
            (hash, now) -> c.accessTokens().find(hash),
            rejected,
            attempts);
    usage = UsageReports.of(c.usage(), new InMemoryAccessHistory());
    usageCounter =
        new UsageCounter(
            c.usage(), new CachedPriceBook(c.prices(), c.clock(), () -> true), c.clock());
    CallKeys callKeys =
        new CallKeys(
            c.sealer(),
            c.deploymentKeys(),
            new NamingKeys(namingKeys, c.sealer(), c.randomBytes()),
            c.minted(),
            changes(Optional.of(refused)));
    RateLimiter permits = new RateLimiter(leases, System::nanoTime);
    PaceLimiter paces = new PaceLimiter(c.paceLeases(), System::nanoTime);
    CallBudgets budgets =
        new CallBudgets(
            knownPrices,
            new BudgetReservations(c.budgetLedger(), System::nanoTime),
            System::nanoTime);
    callAuthorization =
        CallAuthorization.of(
            memory,
            acceptance,
            c.accessTokens(),
            rejected,
            callKeys,
            new CallAdmission(
                permits,
                paces,
                budgets,
                new BatchReservations(new InMemoryBatchLedger(), knownPrices, budgets)),
            usageCounter,
            attempts);
    modelRouting =
        ModelRouting.of(
            c.routingContexts(),
            c.modelLists(),
            c.modelListSource(),
            callAuthorization,
            memory,
            keys.decisions(),
            acceptance,
            c.accessTokens(),
            rejected,
            Runnable::run,
            c.clock());
    serviceCalls = new ServiceCalls(facts, callKeys, c.clock());
    changes = attempts;
    connectionChecks =
        ConnectionChecks.of(
            facts,
            callKeys,
            c.probe(),
            ServiceModels.learnedAtChecks(c.modelLists(), c.modelListSource(), c.clock()),
            permits,
            usageCounter,
            attempts);
    draftChecks = DraftChecks.of(instances, c.probe(), c.minted(), permits, attempts);
    explanations =
        CallExplanations.of(
            new CallExplanations.Stores(facts, c.users(), c.groups(), c.attributedUsers()),
            keys,
            permits,
            paces,
            budgets,
            (actor, service) -> Outcome.of(() -> NOT_USED),
            c.minted(),
            attempts);
  }

  /** Stores a user. */
  public User user(String handle) {
    return added(AUser.called(handle).build());
  }

  public User administrator(String handle) {
    return added(AUser.called(handle).administrator().build());
  }

  private User added(User user) {
    claviger.users().insert(user);
    return user;
  }

  /** A user who acts with all rights that they have in the store. */
  public Actor as(User user) {
    return as(user, Optional.empty());
  }

  /** A user who acts by an access token. The token is stored if it is not yet. */
  public Actor with(User user, AccessToken token) {
    if (claviger.accessTokens().listOf(user.id(), Optional.empty(), Integer.MAX_VALUE).stream()
        .noneMatch(t -> t.id().equals(token.id()))) {
      TokenText unused = stored(token);
    }
    return as(user, Optional.of(token));
  }

  /** A user who acts by an access token of scope {@code use}. */
  public Actor using(User user) {
    return with(user, AToken.of(user).scope(TokenScope.USE).build());
  }

  private Actor as(User user, Optional<AccessToken> token) {
    User now = claviger.users().find(user.handle()).orElse(user);
    return new Actor(
        now.id(), now.handle(), now.administrator(), token, ADDRESS, "request-" + ++requests);
  }

  /** Stores an access token and returns its text. */
  public TokenText stored(AccessToken token) {
    TokenText text = TokenText.of(claviger.randomBytes().next(96));
    claviger.accessTokens().save(token, text.hash());
    return text;
  }

  /** Stores a service that has no secret. */
  public Instance stored(Instance instance) {
    claviger.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    return instance;
  }

  /** Stores a definition. */
  public Definition stored(Definition definition) {
    claviger.definitions().insert(definition);
    return definition;
  }

  /** Stores a project. */
  public Project stored(Project project) {
    claviger.projects().insert(project);
    return project;
  }

  /** Makes a user a member of a project. */
  public void member(Project project, User user, Role role) {
    claviger
        .projectShares()
        .insert(project.id(), AShare.with(user).role(role).build(), project.owner());
  }

  /** The project as it is stored now. */
  public Project now(Project.Ref ref) {
    return claviger.projects().find(ref, User.Id.SYSTEM).orElseThrow().project();
  }

  /** Stores a share. */
  public Share stored(Instance instance, Share share) {
    User giver =
        share
            .givenBy()
            .flatMap(h -> claviger.users().find(h))
            .or(() -> claviger.users().find(instance.ref().owner()))
            .orElseThrow();
    claviger.shares().insert(instance.id(), share, giver.id());
    return share;
  }

  /** The service as it is stored now. */
  public Instance now(Instance.Ref ref) {
    return claviger
        .instances()
        .find(ref, User.Id.SYSTEM, claviger.clock().instant())
        .orElseThrow()
        .instance();
  }

  public void forget() {
    forgotten = claviger.auditEvents().size();
  }

  /** The audit events since {@link #forget}, oldest first. */
  public List<AuditEvent> events() {
    List<AuditEvent> all = claviger.auditEvents();
    return all.subList(forgotten, all.size());
  }

  /** Returns the same events in short: {@code service.update done alice/my-openai [model]}. */
  public List<String> recorded() {
    return events().stream()
        .map(
            e ->
                e.action().wireName()
                    + " "
                    + e.outcome().name().toLowerCase(Locale.ROOT)
                    + " "
                    + e.target().ref()
                    + " "
                    + e.fields())
        .toList();
  }
}
