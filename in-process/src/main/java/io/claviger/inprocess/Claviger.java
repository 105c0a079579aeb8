package io.claviger.inprocess;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.activity.CurrentActivity;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.bills.Bills;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.connections.ServiceConnections;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.groups.Groups;
import io.claviger.application.instances.Instances;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.projects.Projects;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.usage.ChargedCall;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.SchemaName;
import io.claviger.wiring.Connections;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.OperatorSecrets;
import io.claviger.wiring.node.NodeCore;
import io.claviger.wiring.node.NodeName;
import io.claviger.wiring.node.SchemaAtStart;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Claviger in the same process as a Java program that uses it. The program calls the API's use
 * cases on behalf of a user, without HTTP and without access tokens. The program may act as any
 * user. The audit trail records each change as made by that user.
 *
 * <p>Methods such as {@link #instances} return the operations of one feature. The interface that is
 * returned describes these operations. What users call an LLM service is an {@code Instance}.
 *
 * <p>Several threads can use an object of this class at the same time. Any number of these objects
 * and of serving nodes can use the same database.
 */
public final class Claviger implements AutoCloseable {
  private static final String ADDRESS = "in-process";

  static {
    MissingLogBackend.keepSlf4jQuiet();
  }

  private final NodeCore core;
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean ended;

  private Claviger(NodeCore core) {
    this.core = core;
  }

  /**
   * Starts on the caller's PostgreSQL database, version 15 or newer. Migrates the schema {@code
   * public} to the current version. The caller must close the pool. The pool's connections must be
   * in auto-commit mode with the isolation level {@code READ COMMITTED}, and their search path must
   * lead to the schema's tables. One connection is checked before anything is changed.
   *
   * @param pool a source of connections, at least two at the same time
   * @param encryptionKey a key of at least 32 characters, or a comma-separated list of such keys.
   *     The first key seals new values, and each key opens the values that it sealed
   * @throws StartRefused if the database, its connections or the key can't be used
   */
  public static Claviger on(DataSource pool, String encryptionKey) {
    return on(pool, SchemaName.PUBLIC, encryptionKey);
  }

  /**
   * Starts in one schema of the caller's database. Other schemas can contain the caller's tables or
   * another installation of Claviger. Creates a missing schema, and migrates the schema to the
   * current version. When a connection returns to the pool, its former search path is restored.
   *
   * @param pool as for {@link #on(DataSource, String)}
   * @param schema the name of a schema with only Claviger's tables
   * @param encryptionKey as for {@link #on(DataSource, String)}
   * @throws StartRefused if the database, its connections, the schema or the key can't be used
   */
  public static Claviger on(DataSource pool, SchemaName schema, String encryptionKey) {
    OperatorSecrets secrets =
        OperatorSecrets.of(
            Confidential.of(Objects.requireNonNull(encryptionKey, "no encryption key is given")));
    Objects.requireNonNull(schema, "no schema is given");
    demandUsable(Objects.requireNonNull(pool, "no pool is given"));
    Schema own = new Schema(pool, schema);
    SchemaAtStart.migrate(own, secrets);
    return on(own.connections(), secrets, OutboundSettings.strict());
  }

  /**
   * Refuses connections that would lose changes, or on which Claviger's locks would not work. A
   * transaction has to see what others committed while it waited for a lock.
   */
  private static void demandUsable(DataSource pool) {
    try (Connection connection = pool.getConnection()) {
      if (!connection.getAutoCommit()) {
        throw new StartRefused(
            "the pool's connections are not in auto-commit mode; set the pool to auto-commit, or"
                + " give Claviger a pool of its own");
      }
      if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
        throw new StartRefused(
            "the pool's connections do not have the isolation level READ COMMITTED; set this level"
                + " for the pool, or give Claviger a pool of its own");
      }
    } catch (SQLException e) {
      throw StartRefused.byDatabase("the database", e);
    }
  }

  /**
   * Starts on a database. The database's schema must already be migrated to the current version.
   *
   * @param pool a source of connections, at least two at the same time
   * @param secrets the encryption keys and other secrets of the operator
   * @param outbound the rules for connections to providers
   * @throws io.claviger.host.StartRefused if the encryption keys do not match the database, or if
   *     the database accepts no changes
   */
  public static Claviger on(DataSource pool, OperatorSecrets secrets, OutboundSettings outbound) {
    try {
      return new Claviger(
          withRoot(
              NodeCore.start(
                  NodeContext.of(
                      Connections.allFrom(pool),
                      secrets,
                      outbound,
                      Map.of(),
                      NodeName.inProcess()))));
    } catch (StoreUnavailable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
  }

  private static NodeCore withRoot(NodeCore core) {
    try {
      core.context().get(Users.class).establishRoot();
      return core;
    } catch (RuntimeException e) {
      core.close();
      throw e;
    }
  }

  /** Returns the built-in administrator {@code root}, who can create the first users. */
  public Actor root() {
    return as("root");
  }

  /**
   * Returns the user with this handle, for acting as that user. The returned object does not notice
   * later changes, such as a suspension of the user. So call this method again for each task of the
   * user.
   *
   * @throws NoSuchElementException if no user has this handle, or if the user is suspended
   * @throws io.claviger.domain.InvalidValue if the text is not a valid handle
   */
  public Actor as(String handle) {
    return switch (users().find(system(), new Handle(handle))) {
      case Outcome.Done<User> found when found.value().suspended() ->
          throw new NoSuchElementException("the user " + handle + " is suspended");
      case Outcome.Done<User> found -> actor(found.value());
      case Outcome.Refused<User> refused -> throw new NoSuchElementException("no user " + handle);
    };
  }

  /** Returns the use case for users, including service accounts. */
  public Users users() {
    return get(Users.class);
  }

  /** Returns the use case for the tokens with which users call the API and the gateway of nodes. */
  public AccessTokens accessTokens() {
    return get(AccessTokens.class);
  }

  /** Returns the use case for issuers whose JWTs can be exchanged for access tokens. */
  public TrustedIssuers trustedIssuers() {
    return get(TrustedIssuers.class);
  }

  /** Returns the use case for trusts, which let service accounts exchange JWTs of an issuer. */
  public Trusts trusts() {
    return get(Trusts.class);
  }

  /** Returns the use case for groups of users and their members. */
  public Groups groups() {
    return get(Groups.class);
  }

  /** Returns the use case for API standards, which say how providers are called. */
  public Standards standards() {
    return get(Standards.class);
  }

  /** Returns the use case for definitions, from which services are created. */
  public Definitions definitions() {
    return get(Definitions.class);
  }

  /** Returns the use case for LLM services. */
  public Instances instances() {
    return get(Instances.class);
  }

  /** Returns the use case for shares, with which owners lend their services. */
  public Sharing sharing() {
    return get(Sharing.class);
  }

  /** Returns the use case for projects, whose members use a service of the project's owner. */
  public Projects projects() {
    return get(Projects.class);
  }

  /** Returns the use case that shows which keys providers reject, and how old keys are. */
  public RejectedKeys rejectedKeys() {
    return get(RejectedKeys.class);
  }

  /** Returns the use case for keys that users have of their own for services. */
  public UserKeys userKeys() {
    return get(UserKeys.class);
  }

  /** Returns the use case for users' default services. */
  public DefaultServices defaults() {
    return get(DefaultServices.class);
  }

  /** Returns the use case that lists the models of the catalogue that a user can run. */
  public Models models() {
    return get(Models.class);
  }

  /** Returns the use case with which administrators maintain the catalogue of models. */
  public ModelConfigs modelConfigs() {
    return get(ModelConfigs.class);
  }

  /** Returns the use case for models' prices in this deployment. */
  public Prices prices() {
    return get(Prices.class);
  }

  /** Returns the use case for models' prices at single services. */
  public ServicePrices servicePrices() {
    return get(ServicePrices.class);
  }

  /** Returns the use case for the amounts that providers billed. */
  public Bills bills() {
    return get(Bills.class);
  }

  /**
   * Returns the use case for providers' limits per minute, and for each borrower's use of these
   * limits in the last hour.
   */
  public CapacityReports capacityReports() {
    return get(CapacityReports.class);
  }

  /** Returns the use case for open WebSockets on all nodes of this database. */
  public ServiceConnections serviceConnections() {
    return get(ServiceConnections.class);
  }

  /** Returns the use case for the present activity on all nodes of this database. */
  public CurrentActivity currentActivity() {
    return get(CurrentActivity.class);
  }

  /**
   * Returns the use case that reports the usage of calls and connection checks. Usage is stored
   * within a second after the call or check.
   */
  public UsageReports usage() {
    return get(UsageReports.class);
  }

  /** Returns the use case that reads the audit trail. */
  public AuditEvents auditEvents() {
    return get(AuditEvents.class);
  }

  /**
   * Returns the use case that authorizes calls, for programs with their own gateway. A program that
   * has sent a call to a provider ends the call with {@link #finish}. A program closes each call
   * that it has not sent.
   */
  public CallAuthorization callAuthorization() {
    return get(CallAuthorization.class);
  }

  /**
   * Ends a call of the program's own gateway that was sent to its provider. Charges the call to its
   * budgets, counts its usage, stops counting it as a concurrent call, and wipes its secrets. Call
   * this method once for each call. Without {@code finish}, the reserved amounts are returned to
   * the budgets, and neither budgets nor usage show the call. Never blocks. After {@link #close},
   * this method only wipes the secrets, and throws {@link IllegalStateException}.
   *
   * @param call the permitted call. If the call was {@code Authorized} by its head, and {@code
   *     Admitted} after its body was read, pass the call of the first decision {@link
   *     AuthorizedCall#with with} the spending of the second decision
   * @param sent a record of the sent request and its answer
   */
  public void finish(AuthorizedCall call, SentCall sent) {
    try (call) {
      UsageCounter usage = get(UsageCounter.class);
      CallSpending spending = call.spending();
      boolean isStrict = spending.isStrict();
      Optional<CallCharge> charge = spending.settle(sent.use());
      usage.count(
          call.basis().account(),
          call.source(),
          sent.asked().map(RequestedUse::model).orElse(UsageModel.UNKNOWN),
          UsageCounts.ofCall(sent.failed(), sent.bytesIn(), sent.bytesOut(), sent.use().usage()),
          new ChargedCall(
              call.basis().charging(),
              sent.use(),
              sent.asked(),
              isStrict,
              charge,
              spending.later()));
    }
  }

  /**
   * Returns the use case that checks connections. A check calls the provider from this process. For
   * users' services, the check connects only to globally reachable addresses.
   */
  public ConnectionChecks connectionChecks() {
    return get(ConnectionChecks.class);
  }

  /**
   * Returns the use case that shows, rotates, retires and discards encryption keys, like the
   * command {@code claviger keys}.
   */
  public EncryptionKeys encryptionKeys() {
    return get(EncryptionKeys.class);
  }

  /** Returns the use case that explains whether calls would be allowed or refused. */
  public CallExplanations callExplanations() {
    return get(CallExplanations.class);
  }

  /**
   * Stores the counted usage that is not stored yet. If the database does not answer, waits at most
   * 20 seconds, even if the calling thread is interrupted. The thread's interrupt status stays set.
   * The methods of a closed object throw {@link IllegalStateException}. The connection pool stays
   * open. If this method fails, the program can call it again.
   */
  @Override
  public synchronized void close() {
    closed.set(true);
    if (!ended) {
      core.close();
      ended = true;
    }
  }

  private <T> T get(Class<T> useCase) {
    if (closed.get()) {
      throw new IllegalStateException("this Claviger is closed");
    }
    return core.context().get(useCase);
  }

  private static Actor actor(User user) {
    return new Actor(
        user.id(), user.handle(), user.administrator(), Optional.empty(), ADDRESS, ADDRESS);
  }

  private static Actor system() {
    return new Actor(User.Id.SYSTEM, Handle.SYSTEM, true, Optional.empty(), ADDRESS, ADDRESS);
  }
}
