package io.claviger.web.served;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.GatewayModule;
import io.claviger.application.health.Readiness;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.testkit.InMemoryClaviger;
import io.claviger.web.UseCases;
import java.util.List;
import java.util.Optional;

/** The application on in-memory ports. */
final class InMemoryUseCases {
  private InMemoryUseCases() {}

  static UseCases on(InMemoryClaviger ports) {
    AuditedChanges attempts =
        new AuditedChanges(ports.transactions(), ports.auditTrail(), ports.ids(), ports.clock());
    KeyAccess keys =
        new KeyAccess(
            ports.userKeys(), ports.sealer(), ports.deploymentKeys(), ports.destinations());
    ProjectReferences use = new ProjectReferences(ports.projects());
    Models models =
        Models.of(ports.modelConfigs(), ports.sealer(), ports.deploymentKeys(), attempts);
    ModelConfigs modelConfigs =
        ModelConfigs.of(
            ports.modelConfigs(),
            ports.instances(),
            ports.sealer(),
            ports.deploymentKeys(),
            attempts);
    Instances instances =
        Instances.of(
            ports.instances(),
            use,
            ModelConfigs.catalogueOf(
                ports.modelConfigs(),
                ports.instances(),
                ports.sealer(),
                ports.deploymentKeys(),
                attempts),
            ports.apiStandards(),
            ports.definitions(),
            ports.users(),
            keys,
            attempts);
    Projects projects =
        Projects.of(
            ports.projects(),
            ports.projectShares(),
            ports.instances(),
            ports.shares(),
            ports.users(),
            attempts);
    UsageCounter usage = new UsageCounter(ports.usageBooks(), ports.clock());
    GatewayModule gateway = gateway(ports, usage, attempts);
    Visible visible = new Visible(instances, projects);
    return new UseCases(
        Users.of(ports.users(), ports.accessTokens(), use, ports.randomBytes(), attempts),
        accessTokens(ports, visible, attempts),
        Standards.of(ports.apiStandards(), attempts),
        Definitions.of(
            ports.definitions(),
            ports.definitionShares(),
            ports.apiStandards(),
            ports.users(),
            attempts),
        instances,
        Sharing.of(ports.instances(), ports.shares(), ports.users(), attempts),
        projects,
        UserKeys.of(ports.instances(), ports.userKeys(), ports.sealer(), attempts),
        DefaultServices.of(ports.instances(), ports.defaultServices(), attempts),
        models,
        modelConfigs,
        gateway.checkConnection(),
        CallExplanations.of(ports.callFacts(), ports.users(), keys, gateway.permits(), attempts),
        UsageReports.of(ports.usageBooks()),
        AuditEvents.of(ports.auditReading()),
        () ->
            List.of(
                new Readiness.Check("database", true),
                new Readiness.Check("schema", true),
                new Readiness.Check("encryption_keys", true)),
        () -> "# HELP up whether it runs\nup 1\n");
  }

  private static GatewayModule gateway(
      InMemoryClaviger ports, UsageCounter usage, AuditedChanges attempts) {
    return GatewayModule.of(
        ports.callFacts(),
        new AuthorizationCache(ports.callFacts(), ports.changes(), System::nanoTime),
        ports.permitLeases(),
        ports.accessTokens(),
        new TokenAcceptance(Optional.empty()),
        new RejectedTokens(ports.auditTrail(), ports.ids()),
        ports.deploymentKeys(),
        ports.sealer(),
        ports.probe(),
        usage,
        ports.auditTrail(),
        ports.ids(),
        attempts);
  }

  private static AccessTokens accessTokens(
      InMemoryClaviger ports, Visible visible, AuditedChanges attempts) {
    return AccessTokens.of(
        ports.users(),
        ports.accessTokens(),
        ports.userKeys(),
        visible,
        ports.randomBytes(),
        new TokenAcceptance(Optional.empty()),
        new RejectedTokens(ports.auditTrail(), ports.ids()),
        attempts);
  }

  /** A token is restricted to what its user can see. */
  private record Visible(Instances instances, Projects projects) implements RestrictionTargets {
    @Override
    public Optional<InstanceId> service(Actor actor, InstanceRef ref) {
      return switch (instances.find(actor, ref)) {
        case Outcome.Done<InstanceView> found -> Optional.of(found.value().instance().id());
        case Outcome.Refused<InstanceView> refused -> Optional.empty();
      };
    }

    @Override
    public Optional<ProjectId> project(Actor actor, ProjectRef ref) {
      return switch (projects.find(actor, ref)) {
        case Outcome.Done<ProjectView> found -> Optional.of(found.value().project().id());
        case Outcome.Refused<ProjectView> refused -> Optional.empty();
      };
    }
  }
}
