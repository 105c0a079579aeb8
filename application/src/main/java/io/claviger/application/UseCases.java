package io.claviger.application;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetTrials;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.gateway.TestCalls;
import io.claviger.application.groups.Groups;
import io.claviger.application.health.Readiness;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.SignIn;
import io.claviger.application.instances.Instances;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.operations.Operations;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.projects.Projects;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.routing.BareNames;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.routing.Offers;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.transfers.FormerReferences;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.trusts.TokenExchange;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.application.webhooks.Webhooks;
import java.util.Optional;

/** The use cases that users reach through the API, one port for each feature. */
public interface UseCases {
  Users users();

  AccessTokens accessTokens();

  TrustedIssuers trustedIssuers();

  Trusts trusts();

  TokenExchange tokenExchange();

  Groups groups();

  AssignedLimits assignedLimits();

  OwnToken ownToken();

  DeviceGrants deviceGrants();

  DeviceSignIn deviceSignIn();

  Sessions sessions();

  Identities identities();

  SignInLinks signInLinks();

  /** Sign-in with the identity provider, if there is one. */
  Optional<SignIn> signIn();

  Standards standards();

  Definitions definitions();

  Instances instances();

  Sharing sharing();

  Projects projects();

  BorrowRequests borrowRequests();

  /** Writes the references in links of refusals. */
  RequestReferences requestReferences();

  Transfers transfers();

  FormerReferences formerReferences();

  UserKeys userKeys();

  Webhooks webhooks();

  BudgetReports budgetReports();

  BudgetTrials budgetTrials();

  DefaultServices defaults();

  Models models();

  ModelConfigs modelConfigs();

  BareNames bareNames();

  ModelResolutions modelResolutions();

  Offers offers();

  ConnectionChecks connectionChecks();

  DraftChecks draftChecks();

  TestCalls testCalls();

  RejectedKeys rejectedKeys();

  CallExplanations callExplanations();

  Prices prices();

  ServicePrices servicePrices();

  UsageReports usageReports();

  AuditEvents auditEvents();

  Readiness readiness();

  Operations operations();
}
