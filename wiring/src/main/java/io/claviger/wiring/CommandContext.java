package io.claviger.wiring;

import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.prices.PriceListImport;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.persistence.shared.Database;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * What commands run, wired on a database, whether or not nodes run on it. Only what a command asks
 * for is built.
 */
public final class CommandContext implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;

  private CommandContext(AnnotationConfigApplicationContext context) {
    this.context = context;
  }

  /**
   * @param pool stays the caller's to close
   * @param sealer holds the operator's encryption keys; needed for rotation, admission and import
   * @param command what an operator knows the command by
   */
  public static CommandContext of(
      DataSource pool, Optional<? extends Sealer> sealer, String command) {
    return of(pool, sealer, command, SignInOptions.LOCAL);
  }

  /**
   * @param pool stays the caller's to close
   * @param sealer holds the operator's encryption keys; needed for rotation, admission and import
   * @param command what an operator knows the command by
   * @param signIn how people sign in; needed for one-time links
   */
  public static CommandContext of(
      DataSource pool, Optional<? extends Sealer> sealer, String command, SignInOptions signIn) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(Connections.class, () -> Connections.allFrom(pool));
    context.registerBean(SignInOptions.class, () -> signIn);
    context.registerBean(NodeLabel.class, () -> new NodeLabel(command));
    sealer.ifPresent(held -> context.registerBean(Sealer.class, () -> held));
    context.register(
        SystemConfiguration.class,
        CommandConfiguration.class,
        PersistenceConfiguration.class,
        AccountsConfiguration.class,
        GroupsConfiguration.class,
        SessionsConfiguration.class,
        StandardsConfiguration.class,
        ProjectsConfiguration.class,
        KeysConfiguration.class,
        UserKeysConfiguration.class,
        PriceImportConfiguration.class,
        AuditConfiguration.class);
    context.addBeanFactoryPostProcessor(
        factory -> {
          for (String name : factory.getBeanDefinitionNames()) {
            factory.getBeanDefinition(name).setLazyInit(true);
          }
        });
    context.refresh();
    return new CommandContext(context);
  }

  public Users users() {
    return context.getBean(Users.class);
  }

  public SignInLinks signInLinks() {
    return context.getBean(SignInLinks.class);
  }

  public AuditEvents auditEvents() {
    return context.getBean(AuditEvents.class);
  }

  public EncryptionKeys encryptionKeys() {
    return context.getBean(EncryptionKeys.class);
  }

  public KeyringAdmission keyringAdmission() {
    return context.getBean(KeyringAdmission.class);
  }

  public Database database() {
    return context.getBean(Database.class);
  }

  public PriceListImport priceListImport() {
    return context.getBean(PriceListImport.class);
  }

  public ApiStandardStore apiStandards() {
    return context.getBean(ApiStandardStore.class);
  }

  public AuditedChanges changes() {
    return context.getBean(AuditedChanges.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
