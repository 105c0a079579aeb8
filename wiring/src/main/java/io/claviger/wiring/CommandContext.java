package io.claviger.wiring;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.prices.PriceListImport;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.shared.Database;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The use cases for the operator's commands, connected to a database. Nodes can be running on the
 * same database. Builds an object only when a command requests it.
 */
public final class CommandContext implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;

  private CommandContext(AnnotationConfigApplicationContext context) {
    this.context = context;
  }

  /**
   * @param pool connections to the database; the caller has to close the pool
   * @param sealer the sealer with the operator's encryption keys; needed for rotation, admission
   *     and imports
   * @param command the command's name for operators
   */
  public static CommandContext of(
      DataSource pool, Optional<? extends Sealer> sealer, String command) {
    return of(pool, sealer, command, SignInOptions.LOCAL);
  }

  /**
   * @param pool connections to the database; the caller has to close the pool
   * @param sealer the sealer with the operator's encryption keys; needed for rotation, admission
   *     and imports
   * @param command the command's name for operators
   * @param signIn how people sign in; needed to make one-time links
   */
  public static CommandContext of(
      DataSource pool, Optional<? extends Sealer> sealer, String command, SignInOptions signIn) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(Connections.class, () -> Connections.allFrom(pool));
    context.registerBean(SignInOptions.class, () -> signIn);
    context.registerBean(IssuerOptions.class, () -> IssuerOptions.NONE);
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
        ProvidersConfiguration.class,
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

  /** Returns the object of this type, and builds it on the first request. */
  public <T> T get(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }

  /** The beans that commands use instead of nodes' beans. */
  @Configuration(proxyBeanMethods = false)
  static class CommandConfiguration {
    /**
     * Makes changes without checking quotas, and records one event per refusal. Commands have no
     * cache to which changes would have to be reported.
     */
    @Bean
    AuditedChanges changes(
        Transactions transactions,
        AuditTrail trail,
        CredentialStore credentials,
        Ids ids,
        InstantSource clock) {
      return new AuditedChanges(transactions, trail, credentials, ids, clock);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class PriceImportConfiguration {
    @Bean
    PriceListImport priceListImport(Database database, AuditedChanges changes) {
      return new PriceListImport(new JdbcPrices(database), changes);
    }
  }
}
