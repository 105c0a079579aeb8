package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.defaults.DefaultsModule;
import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.GatewayModule;
import io.claviger.application.instances.Instances;
import io.claviger.application.keys.KeysModule;
import io.claviger.application.models.ModelsModule;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.shared.RefusedChanges;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeysModule;
import io.claviger.bootstrap.settings.QuotaSettings;
import io.claviger.gateway.OutboundSettings;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The use cases of one node, wired on its database. */
public final class NodeContext implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;

  private NodeContext(AnnotationConfigApplicationContext context) {
    this.context = context;
  }

  /**
   * @param outbound how the connection check reaches providers
   * @param quotas how much one user may have
   * @param name what an operator knows this node by
   */
  public static NodeContext of(
      Connections connections,
      OperatorSecrets secrets,
      OutboundSettings outbound,
      QuotaSettings quotas,
      String name) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(Connections.class, () -> connections);
    context.registerBean(OperatorSecrets.class, () -> secrets);
    context.registerBean(OutboundSettings.class, () -> outbound);
    context.registerBean(QuotaSettings.class, () -> quotas);
    context.registerBean(NodeLabel.class, () -> new NodeLabel(name));
    context.register(
        SharedConfiguration.class,
        PersistenceConfiguration.class,
        AccountsConfiguration.class,
        StandardsConfiguration.class,
        DefinitionsConfiguration.class,
        InstancesConfiguration.class,
        SharingConfiguration.class,
        ProjectsConfiguration.class,
        UserKeysConfiguration.class,
        DefaultsConfiguration.class,
        ModelsConfiguration.class,
        KeysConfiguration.class,
        UsageConfiguration.class,
        AuditConfiguration.class,
        GatewayConfiguration.class);
    context.refresh();
    return new NodeContext(context);
  }

  public Users users() {
    return context.getBean(Users.class);
  }

  public AccessTokens accessTokens() {
    return context.getBean(AccessTokens.class);
  }

  public Standards standards() {
    return context.getBean(Standards.class);
  }

  public DefinitionsModule definitions() {
    return context.getBean(DefinitionsModule.class);
  }

  public Instances instances() {
    return context.getBean(Instances.class);
  }

  public Sharing sharing() {
    return context.getBean(Sharing.class);
  }

  public ProjectsModule projects() {
    return context.getBean(ProjectsModule.class);
  }

  public UserKeysModule userKeys() {
    return context.getBean(UserKeysModule.class);
  }

  public DefaultsModule defaults() {
    return context.getBean(DefaultsModule.class);
  }

  public ModelsModule models() {
    return context.getBean(ModelsModule.class);
  }

  public KeysModule keys() {
    return context.getBean(KeysModule.class);
  }

  public GatewayModule gateway() {
    return context.getBean(GatewayModule.class);
  }

  /** What this node remembers of what calls depend on. */
  public AuthorizationCache memory() {
    return context.getBean(AuthorizationCache.class);
  }

  public UsageReports usageReports() {
    return context.getBean(UsageReports.class);
  }

  public UsageCounter usageCounter() {
    return context.getBean(UsageCounter.class);
  }

  /** Those that are not on record yet. */
  public RejectedTokens rejectedTokens() {
    return context.getBean(RejectedTokens.class);
  }

  /** Those that are not on record yet. */
  public RefusedChanges refusedAttempts() {
    return context.getBean(RefusedChanges.class);
  }

  public AuditEvents auditEvents() {
    return context.getBean(AuditEvents.class);
  }

  public PersistenceModule persistence() {
    return context.getBean(PersistenceModule.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
