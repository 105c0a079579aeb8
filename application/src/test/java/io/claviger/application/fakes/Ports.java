package io.claviger.application.fakes;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.AdministratorGroup;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.projects.Project;
import io.claviger.domain.scim.ScimSettings;
import java.time.InstantSource;
import java.util.List;

/** The ports that store something, all on the same store. The contract tests run on them. */
public interface Ports {
  Transactions transactions();

  Ids ids();

  ObjectCounts objectCounts();

  UserStore users();

  GroupStore groups();

  NameStore names();

  AssignedLimitsStore assignedLimits();

  SessionStore sessions();

  IdentityStore identities();

  SyncedGroupStore syncedGroups();

  /** What is known of people whom identity providers vouch for. */
  default Identities.Stores identityStores() {
    return new Identities.Stores(
        users(), identities(), syncedGroups(), sessions(), new Lockout(credentials(), userKeys()));
  }

  default AuditedChanges auditedChanges(InstantSource clock) {
    return new AuditedChanges(transactions(), auditTrail(), credentials(), ids(), clock);
  }

  /** The administrators' group of an installation that has none. */
  default AdministratorGroup administratorGroup() {
    return new AdministratorGroup(ScimSettings.DEFAULT, scimUsers(), identityStores());
  }

  ScimTokenStore scimTokens();

  ScimUserStore scimUsers();

  ScimGroupStore scimGroups();

  CredentialStore credentials();

  SignInStore signIns();

  AccessTokenStore accessTokens();

  TrustedIssuerStore trustedIssuers();

  TrustStore trusts();

  RejectedKeyStore rejectedKeys();

  ConnectionStore connections();

  ClientSecretStore clientSecrets();

  ActivityStore activity();

  WebhookStore webhooks();

  BorrowRequestStore borrowRequests();

  OwnerChanges ownerChanges();

  MovedReferences movedReferences();

  DeviceCodeStore deviceCodes();

  RefreshTokenStore refreshTokens();

  ApiStandardStore apiStandards();

  ProviderStore providers();

  DefinitionStore definitions();

  ShareStore<Definition.Id> definitionShares();

  InstanceStore instances();

  InstanceShareStore shares();

  ProviderAccounts providerAccounts();

  UserKeyStore userKeys();

  DefaultServiceStore defaultServices();

  ModelConfigStore modelConfigs();

  ProjectStore projects();

  ShareStore<Project.Id> projectShares();

  EncryptionKeyStore encryptionKeys();

  SealedValueStore sealedValues();

  NodeStore nodes();

  AuditTrail auditTrail();

  AuditEventStore auditEventStore();

  CallContexts callContexts();

  RoutingContexts routingContexts();

  BareNameStore bareNames();

  ModelListStore modelLists();

  ChangeFeed changes();

  PermitLeases permitLeases();

  PaceLeases paceLeases();

  BudgetLedger budgetLedger();

  PriceStore prices();

  BillStore bills();

  BillReadingStore billReadings();

  UsageStore usage();

  /** All audit events, oldest first. */
  List<AuditEvent> auditEvents();
}
