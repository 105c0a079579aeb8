package io.claviger.application.fakes;

import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.credentials.port.ServiceStatement.Statement;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.keys.Secret;
import io.claviger.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * All ports, in memory, with the seeds of the migrations. The sealer's key is recorded, as it is
 * after a node was admitted.
 */
public final class InMemoryPorts implements Ports {
  private final SettableClock clock = new SettableClock(Seeds.SEEDED_AT);
  private final InMemoryTransactions transactions = new InMemoryTransactions();
  private final InMemoryIds ids = new InMemoryIds();
  private final InMemoryObjectCounts objectCounts = new InMemoryObjectCounts(transactions);
  private final InMemoryUsers users = new InMemoryUsers(transactions);
  private final InMemoryGroups groups = new InMemoryGroups(transactions);
  private final InMemorySessions sessions = new InMemorySessions(transactions, clock);
  private final InMemoryIdentities identities = new InMemoryIdentities(transactions, sessions);
  private final InMemoryScimTokens scimTokens = new InMemoryScimTokens(transactions);
  private final InMemoryScimUsers scimUsers =
      new InMemoryScimUsers(transactions, identities, clock);
  private final InMemoryScimGroups scimGroups = new InMemoryScimGroups(transactions);
  private final InMemorySignInLinks signInLinks =
      new InMemorySignInLinks(id -> sessions.lockUser(id), clock);
  private final InMemorySignIns signIns = new InMemorySignIns(sessions, clock);
  private final InMemorySyncedGroups syncedGroups = new InMemorySyncedGroups(transactions, ids);
  private final InMemoryAccessTokens accessTokens = new InMemoryAccessTokens(transactions, clock);
  private final InMemoryTrustedIssuers trustedIssuers = new InMemoryTrustedIssuers(transactions);
  private final InMemoryJwtVerifier jwtVerifier = new InMemoryJwtVerifier();
  private final InMemoryHolderDirectory holderDirectory = new InMemoryHolderDirectory(transactions);
  private final InMemoryRetentionPolicy retentionPolicy = new InMemoryRetentionPolicy(transactions);
  private final InMemoryWebhooks webhooks = new InMemoryWebhooks(transactions);
  private final InMemoryTrusts trusts = new InMemoryTrusts(transactions);
  private final InMemoryConnections connections = new InMemoryConnections();
  private final InMemoryActivity activity = new InMemoryActivity();
  private final InMemoryRejectedKeys rejectedKeys = new InMemoryRejectedKeys(transactions);
  private final InMemoryDeviceCodes deviceCodes = new InMemoryDeviceCodes(transactions, clock);
  private final InMemoryRefreshTokens refreshTokens = new InMemoryRefreshTokens(transactions);
  private final InMemoryProviders providers = new InMemoryProviders(transactions);
  private final InMemoryApiStandards apiStandards = new InMemoryApiStandards(transactions);
  private final InMemoryDefinitions definitions = new InMemoryDefinitions(transactions);
  private final InMemoryDefinitionShares definitionShares =
      new InMemoryDefinitionShares(transactions);
  private final InMemoryInstances instances = new InMemoryInstances(transactions);
  private final InMemoryShares shares = new InMemoryShares(transactions);
  private final InMemoryStoredObjects storedObjects = new InMemoryStoredObjects(transactions);
  private final InMemoryUserKeys userKeys = new InMemoryUserKeys(transactions);
  private final InMemoryDefaultServices defaultServices = new InMemoryDefaultServices(transactions);
  private final InMemoryModelConfigs modelConfigs = new InMemoryModelConfigs(transactions);
  private final InMemoryProjects projects = new InMemoryProjects(transactions);
  private final InMemoryProjectShares projectShares = new InMemoryProjectShares(transactions);
  private final InMemoryEncryptionKeys encryptionKeys = new InMemoryEncryptionKeys(transactions);
  private final InMemorySealedValues sealedValues = new InMemorySealedValues(transactions);
  private final InMemoryAuditTrail auditTrail = new InMemoryAuditTrail(transactions);
  private final InMemoryAuditChain auditChain = new InMemoryAuditChain(auditTrail);
  private final InMemoryCallContexts callFacts = new InMemoryCallContexts(transactions);
  private final InMemoryChangeFeed changes = new InMemoryChangeFeed(transactions);
  private final InMemoryRoutingContexts routingContexts = new InMemoryRoutingContexts(transactions);
  private final InMemoryBareNames bareNames = new InMemoryBareNames(transactions);
  private final InMemoryTransfers transfers = new InMemoryTransfers(transactions, clock);
  private final InMemoryApprovals approvals = new InMemoryApprovals(transactions, clock);
  private final InMemoryAttributedUsers attributedUsers = new InMemoryAttributedUsers();
  private final InMemoryReviews reviews = new InMemoryReviews(transactions, clock);
  private final InMemoryBorrowRequests borrowRequests =
      new InMemoryBorrowRequests(transactions, clock);
  private final InMemoryOwnerChanges ownerChanges = new InMemoryOwnerChanges(transactions, clock);
  private final InMemoryModelLists modelLists = new InMemoryModelLists(transactions, clock);
  private final InMemoryPrices prices = new InMemoryPrices(transactions, clock);
  private final InMemoryBillReadings billReadings = new InMemoryBillReadings(transactions);
  private final InMemoryBills bills = new InMemoryBills(transactions);
  private final InMemoryCapacityRecords capacityRecords = new InMemoryCapacityRecords();
  private final InMemoryUsage usageBooks = new InMemoryUsage(transactions);
  private final InMemoryDeploymentKeys deploymentKeys = new InMemoryDeploymentKeys();
  private final InMemoryModelListSource modelListSource = new InMemoryModelListSource();
  private volatile List<CheckStep> mintedBy = List.of();
  private volatile Executor exchanges = task -> Thread.ofVirtual().start(task);
  private final InMemoryProviderProbe probe = new InMemoryProviderProbe();
  private final InMemoryGatewayClient gateway = new InMemoryGatewayClient();
  private final InMemoryDestinations destinations = new InMemoryDestinations();
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final RandomBytes randomBytes = new SeededRandomBytes(42);
  private final InMemoryClientSecrets clientSecrets =
      new InMemoryClientSecrets(clock, this::holder);
  private final InMemoryBudgetStates budgetStates = new InMemoryBudgetStates(clock);
  private final InMemoryPermitLeases permitLeases = new InMemoryPermitLeases(clock);
  private final InMemoryPaceLeases paceLeases = new InMemoryPaceLeases(clock);
  private final InMemoryBudgetLedger budgetLedger = new InMemoryBudgetLedger(clock);
  private final InMemoryNodes nodes = new InMemoryNodes(clock);

  public InMemoryPorts() {
    encryptionKeys.add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
  }

  /** Returns as whom a user counts where service accounts count as those responsible for them. */
  private UUID holder(User.Id user) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.users.get(user))
                .flatMap(User::responsible)
                .map(Responsible::uuid)
                .orElse(user.value()));
  }

  @Override
  public InMemoryTransactions transactions() {
    return transactions;
  }

  public InMemoryTransfers transfers() {
    return transfers;
  }

  public InMemoryApprovals approvals() {
    return approvals;
  }

  public InMemoryAttributedUsers attributedUsers() {
    return attributedUsers;
  }

  public InMemoryReviews reviews() {
    return reviews;
  }

  @Override
  public InMemoryBorrowRequests borrowRequests() {
    return borrowRequests;
  }

  @Override
  public InMemoryOwnerChanges ownerChanges() {
    return ownerChanges;
  }

  @Override
  public InMemoryOwnerChanges movedReferences() {
    return ownerChanges;
  }

  @Override
  public InMemoryIds ids() {
    return ids;
  }

  @Override
  public InMemoryObjectCounts objectCounts() {
    return objectCounts;
  }

  @Override
  public InMemoryNames names() {
    return new InMemoryNames(this);
  }

  @Override
  public InMemorySessions sessions() {
    return sessions;
  }

  @Override
  public InMemoryIdentities identities() {
    return identities;
  }

  public InMemorySignInLinks signInLinks() {
    return signInLinks;
  }

  @Override
  public InMemoryCredentials credentials() {
    return new InMemoryCredentials(this);
  }

  @Override
  public InMemorySignIns signIns() {
    return signIns;
  }

  @Override
  public InMemoryScimTokens scimTokens() {
    return scimTokens;
  }

  @Override
  public InMemoryScimUsers scimUsers() {
    return scimUsers;
  }

  @Override
  public InMemoryScimGroups scimGroups() {
    return scimGroups;
  }

  @Override
  public InMemorySyncedGroups syncedGroups() {
    return syncedGroups;
  }

  @Override
  public InMemoryUsers users() {
    return users;
  }

  @Override
  public InMemoryAssignedLimits assignedLimits() {
    return new InMemoryAssignedLimits(transactions);
  }

  @Override
  public InMemoryGroups groups() {
    return groups;
  }

  @Override
  public InMemoryAccessTokens accessTokens() {
    return accessTokens;
  }

  @Override
  public InMemoryTrustedIssuers trustedIssuers() {
    return trustedIssuers;
  }

  public InMemoryHolderDirectory holderDirectory() {
    return holderDirectory;
  }

  @Override
  public InMemoryStoredObjects providerAccounts() {
    return storedObjects;
  }

  /** What callers left at providers, which takes no part in transactions. */
  public InMemoryStoredObjects storedObjects() {
    return storedObjects;
  }

  /** The states of budgets, which share no transaction with the others. */
  public InMemoryBudgetStates budgetStates() {
    return budgetStates;
  }

  public InMemoryRetentionPolicy retentionPolicy() {
    return retentionPolicy;
  }

  @Override
  public InMemoryWebhooks webhooks() {
    return webhooks;
  }

  @Override
  public InMemoryRejectedKeys rejectedKeys() {
    return rejectedKeys;
  }

  @Override
  public InMemoryTrusts trusts() {
    return trusts;
  }

  @Override
  public InMemoryDeviceCodes deviceCodes() {
    return deviceCodes;
  }

  @Override
  public InMemoryRefreshTokens refreshTokens() {
    return refreshTokens;
  }

  @Override
  public InMemoryProviders providers() {
    return providers;
  }

  @Override
  public InMemoryApiStandards apiStandards() {
    return apiStandards;
  }

  @Override
  public InMemoryDefinitions definitions() {
    return definitions;
  }

  @Override
  public InMemoryDefinitionShares definitionShares() {
    return definitionShares;
  }

  @Override
  public InMemoryInstances instances() {
    return instances;
  }

  @Override
  public InMemoryShares shares() {
    return shares;
  }

  @Override
  public InMemoryUserKeys userKeys() {
    return userKeys;
  }

  @Override
  public InMemoryDefaultServices defaultServices() {
    return defaultServices;
  }

  @Override
  public InMemoryModelConfigs modelConfigs() {
    return modelConfigs;
  }

  @Override
  public InMemoryProjects projects() {
    return projects;
  }

  @Override
  public InMemoryProjectShares projectShares() {
    return projectShares;
  }

  @Override
  public InMemoryEncryptionKeys encryptionKeys() {
    return encryptionKeys;
  }

  @Override
  public InMemorySealedValues sealedValues() {
    return sealedValues;
  }

  @Override
  public InMemoryNodes nodes() {
    return nodes;
  }

  @Override
  public InMemoryAuditTrail auditTrail() {
    return auditTrail;
  }

  public InMemoryAuditChain auditChain() {
    return auditChain;
  }

  @Override
  public InMemoryAuditTrail auditEventStore() {
    return auditTrail;
  }

  @Override
  public InMemoryCallContexts callContexts() {
    return callFacts;
  }

  @Override
  public InMemoryRoutingContexts routingContexts() {
    return routingContexts;
  }

  @Override
  public InMemoryBareNames bareNames() {
    return bareNames;
  }

  @Override
  public InMemoryModelLists modelLists() {
    return modelLists;
  }

  @Override
  public InMemoryChangeFeed changes() {
    return changes;
  }

  @Override
  public InMemoryPaceLeases paceLeases() {
    return paceLeases;
  }

  @Override
  public InMemoryPermitLeases permitLeases() {
    return permitLeases;
  }

  @Override
  public InMemoryBudgetLedger budgetLedger() {
    return budgetLedger;
  }

  @Override
  public InMemoryBillReadings billReadings() {
    return billReadings;
  }

  public InMemoryCapacityRecords capacityRecords() {
    return capacityRecords;
  }

  @Override
  public InMemoryConnections connections() {
    return connections;
  }

  @Override
  public InMemoryClientSecrets clientSecrets() {
    return clientSecrets;
  }

  @Override
  public InMemoryActivity activity() {
    return activity;
  }

  @Override
  public InMemoryBills bills() {
    return bills;
  }

  @Override
  public InMemoryPrices prices() {
    return prices;
  }

  @Override
  public InMemoryUsage usage() {
    return usageBooks;
  }

  @Override
  public List<AuditEvent> auditEvents() {
    return auditTrail.events();
  }

  public InMemoryJwtVerifier jwtVerifier() {
    return jwtVerifier;
  }

  /** Lets exchanges for tokens run there. */
  public void exchangeOn(Executor threads) {
    exchanges = threads;
  }

  /** Lets exchanges for tokens succeed, in these steps. Without steps, exchanges fail. */
  public void mintBy(CheckStep... steps) {
    mintedBy = List.of(steps);
  }

  /**
   * Tokens of services. All exchanges fail until {@link #mintBy} is called, and only clients of an
   * OAuth server have a minter.
   */
  public MintedCredentials minted() {
    return new MintedCredentials(
        List.of(new Minter()),
        (credential, owner) -> (audience, type) -> new Statement.Unsigned("no issuer"),
        use -> true,
        unusable -> {},
        sealer(),
        task -> exchanges.execute(task),
        System::nanoTime,
        clock());
  }

  private final class Minter implements CredentialMinter {
    @Override
    public CredentialKind kind() {
      return CredentialKind.OAUTH_CLIENT;
    }

    @Override
    public MintResult mint(MintRequest request) {
      return mintedBy.isEmpty()
          ? new MintFailure(
              "kind", "No tokens are made here.", MintFailure.Cause.REFUSED, List.of())
          : new Minted(
              Secret.takingOver("minted".getBytes(StandardCharsets.US_ASCII)),
              Duration.ofHours(1),
              mintedBy);
    }
  }

  public InMemoryDeploymentKeys deploymentKeys() {
    return deploymentKeys;
  }

  public InMemoryDestinations destinations() {
    return destinations;
  }

  public InMemoryModelListSource modelListSource() {
    return modelListSource;
  }

  public InMemoryGatewayClient gateway() {
    return gateway;
  }

  public InMemoryProviderProbe probe() {
    return probe;
  }

  public InMemorySealer sealer() {
    return sealer;
  }

  public RandomBytes randomBytes() {
    return randomBytes;
  }

  public SettableClock clock() {
    return clock;
  }

  public AuditedChanges auditedChanges() {
    return auditedChanges(clock());
  }
}
