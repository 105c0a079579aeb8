package io.claviger.testkit;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.audit.out.AuditEvents;
import io.claviger.application.defaults.out.DefaultServices;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.Changes;
import io.claviger.application.gateway.out.PermitLeases;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.models.out.ModelConfigs;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.ObjectCounts;
import io.claviger.application.shared.out.Transactions;
import io.claviger.application.sharing.out.Shares;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.application.usage.out.UsageBooks;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.projects.ProjectId;
import java.util.List;

/** The ports that keep things, all on the same store: what the contracts run on. */
public interface Ports {
  Transactions transactions();

  Ids ids();

  ObjectCounts objectCounts();

  Users users();

  AccessTokens accessTokens();

  ApiStandards apiStandards();

  Definitions definitions();

  SharesOf<DefinitionId> definitionShares();

  Instances instances();

  Shares shares();

  UserKeys userKeys();

  DefaultServices defaultServices();

  ModelConfigs modelConfigs();

  Projects projects();

  SharesOf<ProjectId> projectShares();

  EncryptionKeys encryptionKeys();

  SealedValues sealedValues();

  Nodes nodes();

  AuditTrail auditTrail();

  AuditEvents auditReading();

  CallFacts callFacts();

  Changes changes();

  PermitLeases permitLeases();

  UsageBooks usageBooks();

  /** What stands in the audit trail, oldest first. */
  List<AuditEvent> auditEvents();
}
