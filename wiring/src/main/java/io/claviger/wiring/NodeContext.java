package io.claviger.wiring;

import io.claviger.application.UseCases;
import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetTrials;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.gateway.TestCalls;
import io.claviger.application.groups.Groups;
import io.claviger.application.health.Readiness;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.SignIn;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.instances.Instances;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.operations.Operations;
import io.claviger.application.operations.port.Doctor;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.projects.Projects;
import io.claviger.application.rejectedkeys.KeyVerdicts;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.application.routing.BareNames;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.routing.Offers;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.RefusedChanges;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.transfers.FormerReferences;
import io.claviger.application.transfers.TransferUpkeep;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.trusts.TokenExchange;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.application.webhooks.WebhookDelivery;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.testcalls.OwnGateway;
import io.claviger.gateway.warmup.WarmUp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The application of one node, wired to its database. */
public final class NodeContext implements UseCases, AutoCloseable {
  private final AnnotationConfigApplicationContext context;

  private NodeContext(AnnotationConfigApplicationContext context) {
    this.context = context;
  }

  /** An application without an identity provider, and without a doctor. */
  public static NodeContext of(
      Connections connections,
      OperatorSecrets secrets,
      OutboundSettings outbound,
      Map<CountedKind, Integer> quotas,
      String name) {
    return of(connections, secrets, outbound, quotas, SignInOptions.LOCAL, name, List::of);
  }

  /**
   * @param outbound the settings with which the connection check reaches providers
   * @param quotas how many things of each kind one user may have; a missing kind has no quota
   * @param signIn how people sign in
   * @param name the name by which operators know this node
   * @param doctor examines the installation of this node
   */
  public static NodeContext of(
      Connections connections,
      OperatorSecrets secrets,
      OutboundSettings outbound,
      Map<CountedKind, Integer> quotas,
      SignInOptions signIn,
      String name,
      Doctor doctor) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(Doctor.class, () -> doctor);
    context.registerBean(Connections.class, () -> connections);
    context.registerBean(OperatorSecrets.class, () -> secrets);
    context.registerBean(OutboundSettings.class, () -> outbound);
    context.registerBean(QuotaLimits.class, () -> new QuotaLimits(quotas));
    context.registerBean(SignInOptions.class, () -> signIn);
    context.registerBean(NodeLabel.class, () -> new NodeLabel(name));
    context.register(FeatureConfigurations.all());
    context.refresh();
    return new NodeContext(context);
  }

  @Override
  public Users users() {
    return context.getBean(Users.class);
  }

  @Override
  public AccessTokens accessTokens() {
    return context.getBean(AccessTokens.class);
  }

  @Override
  public TrustedIssuers trustedIssuers() {
    return context.getBean(TrustedIssuers.class);
  }

  @Override
  public Trusts trusts() {
    return context.getBean(Trusts.class);
  }

  @Override
  public TokenExchange tokenExchange() {
    return context.getBean(TokenExchange.class);
  }

  @Override
  public AssignedLimits assignedLimits() {
    return context.getBean(AssignedLimits.class);
  }

  @Override
  public Groups groups() {
    return context.getBean(Groups.class);
  }

  @Override
  public OwnToken ownToken() {
    return context.getBean(OwnToken.class);
  }

  @Override
  public DeviceGrants deviceGrants() {
    return context.getBean(DeviceGrants.class);
  }

  @Override
  public DeviceSignIn deviceSignIn() {
    return context.getBean(DeviceSignIn.class);
  }

  @Override
  public Standards standards() {
    return context.getBean(Standards.class);
  }

  @Override
  public Definitions definitions() {
    return context.getBean(Definitions.class);
  }

  @Override
  public Instances instances() {
    return context.getBean(Instances.class);
  }

  @Override
  public Sharing sharing() {
    return context.getBean(Sharing.class);
  }

  @Override
  public Projects projects() {
    return context.getBean(Projects.class);
  }

  @Override
  public BorrowRequests borrowRequests() {
    return context.getBean(BorrowRequests.class);
  }

  @Override
  public RequestReferences requestReferences() {
    return context.getBean(RequestReferences.class);
  }

  @Override
  public Transfers transfers() {
    return context.getBean(Transfers.class);
  }

  @Override
  public FormerReferences formerReferences() {
    return context.getBean(FormerReferences.class);
  }

  @Override
  public UserKeys userKeys() {
    return context.getBean(UserKeys.class);
  }

  @Override
  public DefaultServices defaults() {
    return context.getBean(DefaultServices.class);
  }

  @Override
  public Models models() {
    return context.getBean(Models.class);
  }

  @Override
  public ModelConfigs modelConfigs() {
    return context.getBean(ModelConfigs.class);
  }

  @Override
  public Sessions sessions() {
    return context.getBean(Sessions.class);
  }

  @Override
  public BudgetReports budgetReports() {
    return context.getBean(BudgetReports.class);
  }

  @Override
  public BudgetTrials budgetTrials() {
    return context.getBean(BudgetTrials.class);
  }

  @Override
  public Webhooks webhooks() {
    return context.getBean(Webhooks.class);
  }

  /** Delivers the messages of webhooks. */
  public WebhookDelivery webhookDelivery() {
    return context.getBean(WebhookDelivery.class);
  }

  @Override
  public Identities identities() {
    return context.getBean(Identities.class);
  }

  /** The sign-in with the identity provider, if there is one. */
  public Optional<SignInFeature> openIdSignIn() {
    return context.getBean(IdentityConfiguration.OpenIdFeature.class).feature();
  }

  @Override
  public Optional<SignIn> signIn() {
    return openIdSignIn().map(SignInFeature::signIn);
  }

  @Override
  public SignInLinks signInLinks() {
    return context.getBean(SignInLinks.class);
  }

  public EncryptionKeys encryptionKeys() {
    return context.getBean(EncryptionKeys.class);
  }

  public KeyringAdmission keyringAdmission() {
    return context.getBean(KeyringAdmission.class);
  }

  @Override
  public ConnectionChecks connectionChecks() {
    return context.getBean(ConnectionChecks.class);
  }

  @Override
  public DraftChecks draftChecks() {
    return context.getBean(DraftChecks.class);
  }

  @Override
  public TestCalls testCalls() {
    return context.getBean(TestCalls.class);
  }

  /** How the periodic tasks of this node went. */
  public TaskRecords taskRecords() {
    return context.getBean(TaskRecords.class);
  }

  /** How long this node takes to learn of changes. */
  public RevocationTimes revocationTimes() {
    return context.getBean(RevocationTimes.class);
  }

  /** The gateway of this node, for those who start it to say where it listens. */
  public OwnGateway ownGateway() {
    return context.getBean(OwnGateway.class);
  }

  @Override
  public BareNames bareNames() {
    return context.getBean(BareNames.class);
  }

  @Override
  public ModelResolutions modelResolutions() {
    return context.getBean(ModelResolutions.class);
  }

  @Override
  public Offers offers() {
    return context.getBean(Offers.class);
  }

  public ModelRouting modelRouting() {
    return context.getBean(ModelRouting.class);
  }

  /** Calls without a real user that a node can send to an endpoint of its own before it serves. */
  public WarmUp.Calls warmUpCalls(Endpoint endpoint) {
    return WarmUpCalls.to(endpoint, context);
  }

  public CallAuthorization callAuthorization() {
    return context.getBean(CallAuthorization.class);
  }

  /** Ends what has run out of the transfers. */
  public TransferUpkeep transferUpkeep() {
    return context.getBean(TransferUpkeep.class);
  }

  /** The permits that this node has leased. */
  public RateLimiter rateLimiter() {
    return context.getBean(RateLimiter.class);
  }

  /** The portions of budgets that this node has leased. */
  public BudgetReservations budgetReservations() {
    return context.getBean(BudgetReservations.class);
  }

  @Override
  public CallExplanations callExplanations() {
    return context.getBean(CallExplanations.class);
  }

  /** The cache of the rows that calls depend on. */
  public AuthorizationCache authorizationCache() {
    return context.getBean(AuthorizationCache.class);
  }

  @Override
  public Prices prices() {
    return context.getBean(Prices.class);
  }

  @Override
  public ServicePrices servicePrices() {
    return context.getBean(ServicePrices.class);
  }

  @Override
  public UsageReports usageReports() {
    return context.getBean(UsageReports.class);
  }

  public UsageStore usageStore() {
    return context.getBean(UsageStore.class);
  }

  public MonthPartitions monthPartitions() {
    return context.getBean(MonthPartitions.class);
  }

  public UsageCounter usageCounter() {
    return context.getBean(UsageCounter.class);
  }

  @Override
  public RejectedKeys rejectedKeys() {
    return context.getBean(RejectedKeys.class);
  }

  public RejectedKeyStore rejectedKeyStore() {
    return context.getBean(RejectedKeyStore.class);
  }

  /** What calls and checks showed about keys. */
  public KeyVerdicts keyVerdicts() {
    return context.getBean(KeyVerdicts.class);
  }

  /** The rejected access tokens that are not recorded yet. */
  public RejectedTokens rejectedTokens() {
    return context.getBean(RejectedTokens.class);
  }

  /** The refused changes that are not recorded yet. */
  public RefusedChanges refusedChanges() {
    return context.getBean(RefusedChanges.class);
  }

  @Override
  public AuditEvents auditEvents() {
    return context.getBean(AuditEvents.class);
  }

  @Override
  public Readiness readiness() {
    return context.getBean(Readiness.class);
  }

  @Override
  public Operations operations() {
    return context.getBean(Operations.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
