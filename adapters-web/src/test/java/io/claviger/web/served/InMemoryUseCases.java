package io.claviger.web.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccountOverview;
import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.AccountOverviewStore;
import io.claviger.application.activity.CurrentActivity;
import io.claviger.application.approvals.ApprovalGate;
import io.claviger.application.approvals.Approvals;
import io.claviger.application.approvals.ConsentedChange;
import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.bills.BillReading;
import io.claviger.application.bills.BillingCredentials;
import io.claviger.application.bills.Bills;
import io.claviger.application.bills.MonthComparison;
import io.claviger.application.bills.ReadingPlaces;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.BillingCheck;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetTrials;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.connections.ServiceConnections;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.MintedStates;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.FieldsResolver;
import io.claviger.application.fakes.InMemoryAccessHistory;
import io.claviger.application.fakes.InMemoryBillingCredentials;
import io.claviger.application.fakes.InMemoryIssuerKeys;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.fakes.InMemoryNamingKeys;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemoryStatementSigner;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.CallKeys;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.gateway.PaceLimiter;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.gateway.TestCalls;
import io.claviger.application.groups.Groups;
import io.claviger.application.health.Readiness;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.LastContacts;
import io.claviger.application.issuer.SigningKeys;
import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.objects.ObjectReconciliation;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.ObjectLists.ProviderList;
import io.claviger.application.operations.Operations;
import io.claviger.application.operations.port.Doctor;
import io.claviger.application.prices.CachedPriceBook;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.VisibleTargets;
import io.claviger.application.providers.Providers;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.retention.RetentionPolicies;
import io.claviger.application.reviews.Reviews;
import io.claviger.application.routing.BareNames;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.routing.ServiceModels;
import io.claviger.application.scim.ScimGroups;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.search.NameSearch;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.CallerAttributions;
import io.claviger.application.sharing.MemberSight;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.transfers.FormerReferences;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.trusts.TokenExchange;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.domain.scim.ScimSettings;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The application on in-memory ports. A method without parameters makes each use case. */
public final class InMemoryUseCases {
  private static final Optional<Issuer> PEOPLE = Optional.of(new Issuer("https://people.example"));

  private final Map<Class<?>, Object> known = new HashMap<>();
  private final InMemoryPorts ports;
  private final AuditedChanges attempts;
  private final AccessTokens accessTokens;
  private final OwnToken ownToken;
  private final DeviceGrants deviceGrants;
  private final DeviceSignIn deviceSignIn;
  private final Sessions sessions;
  private final SignInLinks signInLinks;
  private final ServiceCalls serviceCalls;
  private final ConnectionChecks connectionChecks;
  private final DraftChecks draftChecks;
  private final TestCalls testCalls;
  private final KeyAccess keys;
  private final RateLimiter permits;
  private final PaceLimiter paces;
  private final ReadingPlaces places = new ReadingPlaces();
  private final InMemoryBillingCredentials billing = new InMemoryBillingCredentials();

  InMemoryUseCases(InMemoryPorts ports) {
    this.ports = ports;
    this.attempts =
        new AuditedChanges(
            ports.transactions(),
            ports.auditTrail(),
            ports.credentials(),
            ports.ids(),
            ports.clock(),
            new AuditedChanges.Controls(() -> {}, Quotas.NONE, Optional.empty(), gate()));
    this.keys =
        new KeyAccess(
            ports.userKeys(), ports.sealer(), ports.deploymentKeys(), ports.destinations());
    this.permits = new RateLimiter(ports.permitLeases(), System::nanoTime);
    this.paces = new PaceLimiter(ports.paceLeases(), System::nanoTime);
    VisibleTargets visible = new VisibleTargets(instances(), projects());
    this.accessTokens = accessTokens(ports, visible, attempts);
    this.ownToken =
        OwnToken.of(ports.users(), ports.accessTokens(), visible, ports.randomBytes(), attempts);
    this.deviceGrants =
        DeviceGrants.of(
            ports.users(),
            ports.accessTokens(),
            ports.deviceCodes(),
            ports.refreshTokens(),
            ports.randomBytes(),
            new RejectedTokens(ports.auditTrail(), ports.ids(), ports.accessTokens()),
            attempts);
    this.deviceSignIn = DeviceSignIn.of(ports.deviceCodes(), ports.credentials(), attempts);
    this.sessions =
        Sessions.of(
            ports.sessions(),
            ports.signInLinks(),
            ports.users(),
            new TokenAcceptance(Optional.empty()),
            new LocalSignIn(true),
            ports.randomBytes(),
            attempts);
    this.signInLinks =
        SignInLinks.of(
            ports.signInLinks(),
            ports.users(),
            new LocalSignIn(true),
            ports.randomBytes(),
            attempts);
    CallKeys callKeys =
        new CallKeys(
            ports.sealer(),
            ports.deploymentKeys(),
            new NamingKeys(new InMemoryNamingKeys(), ports.sealer(), ports.randomBytes()),
            ports.minted(),
            attempts);
    this.serviceCalls = new ServiceCalls(ports.callContexts(), callKeys, ports.clock());
    this.connectionChecks =
        ConnectionChecks.of(
            ports.callContexts(),
            callKeys,
            ports.probe(),
            ServiceModels.learnedAtChecks(
                ports.modelLists(), ports.modelListSource(), ports.clock()),
            permits,
            new UsageCounter(
                ports.usage(),
                new CachedPriceBook(ports.prices(), ports.clock(), () -> true),
                ports.clock()),
            attempts);
    this.draftChecks =
        DraftChecks.of(instances(), ports.probe(), ports.minted(), permits, attempts);
    this.testCalls =
        TestCalls.of(
            instances(),
            standards(),
            accessTokens,
            ports.gateway(),
            new CachedPriceBook(ports.prices(), ports.clock(), () -> true),
            ports.clock());
    for (Method method : InMemoryUseCases.class.getDeclaredMethods()) {
      if (method.getParameterCount() == 0 && !Modifier.isPrivate(method.getModifiers())) {
        known.put(method.getReturnType(), made(method));
      }
    }
  }

  private Object made(Method method) {
    try {
      return method.invoke(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts another use case in the place of this one, or one where there is none. */
  public <T> InMemoryUseCases with(Class<T> type, T other) {
    known.put(type, other);
    return this;
  }

  public <T> T get(Class<T> type) {
    return Objects.requireNonNull(type.cast(known.get(type)), type::getName);
  }

  /** Makes the objects of a kind by their only constructors, from use cases and from each other. */
  <T> List<T> makeAll(Class<T> kind, List<Class<?>> classes) {
    return classes.stream()
        .filter(kind::isAssignableFrom)
        .map(type -> kind.cast(make(type, classes)))
        .toList();
  }

  private Object make(Class<?> type, List<Class<?>> classes) {
    Object found = known.get(type);
    if (found == null) {
      Constructor<?> only = type.getConstructors()[0];
      try {
        found =
            only.newInstance(
                Stream.of(only.getGenericParameterTypes())
                    .map(wanted -> argument(wanted, classes))
                    .toArray());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type + " can't be made", e);
      }
      known.put(type, found);
    }
    return found;
  }

  private Object argument(Type wanted, List<Class<?>> classes) {
    if (!(wanted instanceof ParameterizedType generic)) {
      return make((Class<?>) wanted, classes);
    }
    Class<?> of = (Class<?>) generic.getActualTypeArguments()[0];
    return generic.getRawType() == List.class
        ? makeAll(of, classes)
        : Optional.ofNullable(known.get(of));
  }

  DraftChecks draftChecks() {
    return draftChecks;
  }

  AccountOverview accountOverview() {
    return AccountOverview.of((AccountOverviewStore) ports.users());
  }

  Users users() {
    return Users.of(
        ports.users(),
        ports.accessTokens(),
        new Lockout(ports.credentials(), ports.userKeys()),
        references(),
        ports.randomBytes(),
        attempts);
  }

  AccessTokens accessTokens() {
    return accessTokens;
  }

  TrustedIssuers trustedIssuers() {
    return TrustedIssuers.of(
        ports.trustedIssuers(), PEOPLE, Optional.empty(), ports.credentials(), attempts);
  }

  StatementIssuer statementIssuer() {
    return StatementIssuer.of(
        Optional.of(new Issuer("https://claviger.example.org")),
        new SigningKeys(
            new InMemoryIssuerKeys(), new InMemoryStatementSigner(), ports.sealer(), attempts),
        KeySetReader.NONE,
        ports.instances(),
        attempts);
  }

  TokenExchange tokenExchange() {
    return TokenExchange.of(
        new TokenExchange.Stores(
            ports.users(), ports.accessTokens(), ports.trustedIssuers(), ports.trusts()),
        ports.jwtVerifier(),
        new TokenExchange.Installation(
            Optional.of("https://claviger.example"), PEOPLE, Optional.empty()),
        ports.randomBytes(),
        attempts);
  }

  BudgetReports budgetReports() {
    return BudgetReports.of(
        new BudgetReports.Stores(
            ports.callContexts(),
            ports.instances(),
            ports.shares(),
            ports.users(),
            ports.accessTokens(),
            ports.groups(),
            ports.assignedLimits(),
            ports.budgetStates(),
            ports.holderDirectory()),
        new BudgetReservations(ports.budgetLedger(), System::nanoTime),
        attempts);
  }

  /** One caller, who made ten calls a day before. */
  BudgetTrials budgetTrials() {
    Instant yesterday = ports.clock().instant().minus(Duration.ofDays(1));
    return new BudgetTrials(
        ports.instances(),
        ports.users(),
        (service, caller, since, most) ->
            caller.isEmpty()
                ? Map.of(User.Id.SYSTEM, List.of(new Quarter(yesterday, 10, 100, 1_000)))
                : Map.of(),
        ports.holderDirectory(),
        ports.clock());
  }

  /** Keys say themselves what a provider makes of them. */
  BillingCredentials billingCredentials() {
    return BillingCredentials.of(
        ports.instances(),
        ports.apiStandards(),
        billing,
        (call, credential, day) -> {
          String key = call.key().orElseThrow().lend(bytes -> new String(bytes, UTF_8));
          Optional<BillingFailure> failure =
              Arrays.stream(BillingFailure.values())
                  .filter(each -> key.endsWith(each.wireName()))
                  .findFirst();
          return new BillingCheck.Checked(
              failure,
              key.contains("models")
                  ? ModelAccess.YES
                  : key.contains("silent") ? ModelAccess.UNKNOWN : ModelAccess.NO);
        },
        permits,
        places,
        ports.sealer(),
        attempts);
  }

  Webhooks webhooks() {
    return Webhooks.of(
        ports.users(),
        ports.groups(),
        ports.webhooks(),
        ports.credentials(),
        url -> url.host().equals("10.0.0.1"),
        ports.sealer(),
        ports.randomBytes(),
        attempts);
  }

  Trusts trusts() {
    return Trusts.of(
        ports.users(), ports.trusts(), ports.trustedIssuers(), ports.credentials(), attempts);
  }

  AssignedLimits assignedLimits() {
    return AssignedLimits.of(ports.assignedLimits(), ports.users(), ports.groups(), attempts);
  }

  Groups groups() {
    return Groups.of(
        ports.groups(), ports.users(), ports.credentials(), ports.administratorGroup(), attempts);
  }

  NameSearch nameSearch() {
    return NameSearch.of(ports.names(), attempts);
  }

  Sessions sessions() {
    return sessions;
  }

  Identities identities() {
    return Identities.of(identityStores(), OidcSettings.DEFAULT_MAX_AGE, attempts);
  }

  private Identities.Stores identityStores() {
    return ports.identityStores();
  }

  ScimTokens scimTokens() {
    return ScimTokens.of(
        ports.scimTokens(),
        ports.credentials(),
        ports.randomBytes(),
        new RejectedTokens(ports.auditTrail(), ports.ids(), ports.accessTokens()),
        Optional.empty(),
        attempts);
  }

  ScimUsers scimUsers() {
    return ScimUsers.of(
        ports.scimUsers(),
        identityStores(),
        ScimSettings.DEFAULT,
        OidcSettings.DEFAULT_MAX_AGE,
        attempts);
  }

  ScimGroups scimGroups() {
    return ScimGroups.of(
        ports.scimGroups(),
        ports.groups(),
        ports.scimUsers(),
        identityStores(),
        ScimSettings.DEFAULT,
        attempts);
  }

  SignInLinks signInLinks() {
    return signInLinks;
  }

  OwnToken ownToken() {
    return ownToken;
  }

  DeviceGrants deviceGrants() {
    return deviceGrants;
  }

  DeviceSignIn deviceSignIn() {
    return deviceSignIn;
  }

  Standards standards() {
    return Standards.of(ports.apiStandards(), attempts);
  }

  Providers providers() {
    return Providers.of(ports.providers(), ports.apiStandards(), attempts);
  }

  Definitions definitions() {
    return Definitions.of(
        ports.definitions(),
        new Shares<>(
            ports.definitionShares(), new Grantees(ports.users(), ports.groups()), attempts),
        new FieldsResolver(ports.apiStandards(), ports.providers()),
        ports.users(),
        attempts);
  }

  /** Knows files by a word in them, instead of their format. */
  private static final CredentialMinter GOOGLE =
      new CredentialMinter() {
        @Override
        public CredentialKind kind() {
          return CredentialKind.GOOGLE_SERVICE_ACCOUNT;
        }

        @Override
        public Inspection inspect(Secret secret) {
          return secret.lend(
                  bytes -> new String(bytes, StandardCharsets.US_ASCII).contains("broken"))
              ? Inspection.unusable("The key can't be used: it is broken.")
              : new Inspection(Optional.empty(), Optional.of("https://file.example/token"));
        }

        @Override
        public MintResult mint(MintRequest request) {
          throw new UnsupportedOperationException();
        }
      };

  Instances instances() {
    return Instances.of(
        new Instances.Stores(
            ports.instances(),
            references(),
            ModelConfigs.catalogueOf(
                ports.modelConfigs(),
                ports.instances(),
                ports.sealer(),
                ports.deploymentKeys(),
                attempts),
            ports.apiStandards(),
            ports.providers(),
            ports.definitions(),
            ports.users(),
            ports.providerAccounts()),
        keys,
        LastContacts.NONE,
        MintedStates.NONE,
        List.of(GOOGLE),
        attempts);
  }

  CallerAttributions callerAttributions() {
    return CallerAttributions.of(
        ports.instances(),
        ports.attributedUsers(),
        new InMemoryNamingKeys(),
        ports.sealer(),
        attempts::now);
  }

  ServiceObjects serviceObjects() {
    return ServiceObjects.of(ports.instances(), ports.storedObjects(), projects(), attempts);
  }

  /** The provider lists one file, which nobody has recorded, and no other kind. */
  ObjectReconciliation objectReconciliation() {
    return ObjectReconciliation.of(
        serviceObjects(),
        ports.storedObjects(),
        serviceCalls,
        (call, list, most, atMost) ->
            list.path().endsWith("files")
                ? Optional.of(new ProviderList(List.of("made-elsewhere"), true))
                : Optional.empty());
  }

  Sharing sharing() {
    return Sharing.of(
        ports.instances(),
        ports.shares(),
        ports.borrowRequests(),
        new Grantees(ports.users(), ports.groups()),
        new InMemoryAccessHistory(),
        new MemberSight(ports.groups(), ports.attributedUsers()),
        attempts);
  }

  Projects projects() {
    return Projects.of(
        ports.projects(),
        ports.projectShares(),
        ports.instances(),
        ports.shares(),
        ports.users(),
        new Grantees(ports.users(), ports.groups()),
        attempts);
  }

  BorrowRequests borrowRequests() {
    return BorrowRequests.of(
        ports.borrowRequests(),
        ports.instances(),
        ports.users(),
        shareGrants(),
        requestReferences(),
        attempts);
  }

  private ShareGrants shareGrants() {
    return new ShareGrants(
        ports.instances(),
        ports.shares(),
        ports.borrowRequests(),
        new Grantees(ports.users(), ports.groups()),
        attempts);
  }

  RequestReferences requestReferences() {
    return new RequestReferences(new InMemoryLinkCipher());
  }

  Transfers transfers() {
    return Transfers.of(
        ports.transfers(),
        ports.ownerChanges(),
        ports.ownerChanges(),
        ports.users(),
        instances(),
        projects(),
        attempts);
  }

  private ApprovalGate gate() {
    return new ApprovalGate(
        ports.approvals(), ports.credentials(), ports.sealer(), ports.ids(), ports.clock());
  }

  Approvals approvals() {
    return Approvals.of(
        ports.approvals(),
        ports.credentials(),
        ports.instances(),
        new ConsentedChange(gate(), ports.shares(), instances(), shareGrants(), transfers()),
        attempts);
  }

  Reviews reviews() {
    return Reviews.of(
        ports.reviews(),
        ports.users(),
        ports.instances(),
        ports.groups(),
        shareGrants(),
        groups(),
        attempts);
  }

  FormerReferences formerReferences() {
    return FormerReferences.of(ports.ownerChanges(), instances(), projects(), attempts);
  }

  UserKeys userKeys() {
    return UserKeys.of(ports.instances(), ports.userKeys(), ports.sealer(), attempts);
  }

  DefaultServices defaults() {
    return DefaultServices.of(ports.instances(), ports.defaultServices(), attempts);
  }

  Models models() {
    return Models.of(ports.modelConfigs(), ports.sealer(), ports.deploymentKeys(), attempts);
  }

  ModelConfigs modelConfigs() {
    return ModelConfigs.of(
        ports.modelConfigs(),
        ports.instances(),
        ports.sealer(),
        ports.deploymentKeys(),
        ports.providers(),
        attempts);
  }

  BareNames bareNames() {
    return BareNames.of(ports.instances(), ports.bareNames(), attempts);
  }

  ModelResolutions modelResolutions() {
    return ModelResolutions.of(
        ports.routingContexts(), ports.modelLists(), keys.decisions(), ports.clock());
  }

  ServiceModels serviceModels() {
    return ServiceModels.of(ports.instances(), ports.modelLists(), keys.decisions(), attempts);
  }

  ConnectionChecks connectionChecks() {
    return connectionChecks;
  }

  TestCalls testCalls() {
    return testCalls;
  }

  CallExplanations callExplanations() {
    CallBudgets budgets =
        new CallBudgets(
            new CachedPriceBook(ports.prices(), ports.clock(), () -> false),
            new BudgetReservations(ports.budgetLedger(), System::nanoTime),
            System::nanoTime);
    return CallExplanations.of(
        new CallExplanations.Stores(
            ports.callContexts(), ports.users(), ports.groups(), ports.attributedUsers()),
        keys,
        permits,
        paces,
        budgets,
        capacityReports(),
        ports.minted(),
        attempts);
  }

  Prices prices() {
    return Prices.of(ports.prices(), ports.providers(), attempts);
  }

  ServicePrices servicePrices() {
    return ServicePrices.of(ports.instances(), ports.prices(), attempts);
  }

  /** A provider that billed one and a half dollars on the day before the last one. */
  private static ProviderBilling.Reading figures(
      Account account, LocalDate from, LocalDate to, Duration limit) {
    BilledCost cost =
        new BilledCost(
            to.minusDays(1),
            Optional.of("gpt, input"),
            Optional.of(new ModelName("gpt")),
            "USD",
            1_500_000_000);
    return new ProviderBilling.Reading.Read(
        new ProviderFigures(List.of(), List.of(cost), to.atStartOfDay(ZoneOffset.UTC).toInstant()),
        Optional.empty());
  }

  Bills bills() {
    return Bills.of(
        ports.instances(),
        ports.bills(),
        ports.billReadings(),
        new BillReading(
            ports.billReadings(),
            InMemoryUseCases::figures,
            new MonthComparison(ports.billReadings(), ports.prices()),
            ports.instances(),
            ports.bills(),
            ports.transactions(),
            ports.clock()),
        places,
        billing,
        ports.prices(),
        attempts);
  }

  CapacityReports capacityReports() {
    return CapacityReports.of(
        ports.instances(), ports.users(), ports.capacityRecords(), ports.clock());
  }

  ServiceConnections serviceConnections() {
    return ServiceConnections.of(ports.instances(), ports.connections(), attempts);
  }

  CurrentActivity currentActivity() {
    return CurrentActivity.of(ports.activity());
  }

  UsageReports usageReports() {
    return UsageReports.of(ports.usage(), new InMemoryAccessHistory());
  }

  RejectedKeys rejectedKeys() {
    return RejectedKeys.of(ports.rejectedKeys(), ports.clock());
  }

  AuditEvents auditEvents() {
    return AuditEvents.of(ports.auditEventStore());
  }

  AuditChain auditChain() {
    return AuditChain.of(ports.auditChain(), attempts, ports.clock());
  }

  Operations operations() {
    return Operations.of(
        EncryptionKeys.of(
            ports.encryptionKeys(),
            ports.nodes(),
            ports.sealedValues(),
            Optional.of(ports.sealer()),
            attempts),
        readiness(),
        () ->
            List.of(
                Doctor.Finding.ok("clock", "3 ms away from the database's"),
                Doctor.Finding.warn("listeners", "nothing is encrypted")),
        System::nanoTime);
  }

  RetentionPolicies retentionPolicies() {
    return RetentionPolicies.of(
        ports.retentionPolicy(),
        new RetentionPolicy(Optional.of(new RetentionMonths(24)), Optional.empty()),
        attempts);
  }

  Readiness readiness() {
    return () ->
        List.of(
            new Readiness.ReadinessCheck("database", true),
            new Readiness.ReadinessCheck("schema", true),
            new Readiness.ReadinessCheck("encryption_keys", true));
  }

  private ProjectReferences references() {
    return new ProjectReferences(ports.projects());
  }

  private static AccessTokens accessTokens(
      InMemoryPorts ports, VisibleTargets visible, AuditedChanges attempts) {
    return AccessTokens.of(
        ports.users(),
        ports.accessTokens(),
        new Lockout(ports.credentials(), ports.userKeys()),
        visible,
        ports.randomBytes(),
        new TokenAcceptance(Optional.empty()),
        (hash, now) -> ports.accessTokens().find(hash),
        new RejectedTokens(ports.auditTrail(), ports.ids(), ports.accessTokens()),
        attempts);
  }
}
