package io.claviger.bootstrap;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.instances.Instances;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.bootstrap.node.InProcess;
import io.claviger.bootstrap.wiring.NodeContext;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Claviger in the same process as a Java program. The program calls the operations of the API as a
 * given user, without HTTP and access tokens. It may act as any user. The audit trail records each
 * change under that user.
 *
 * <p>Any number of these objects and of serving nodes may share one database.
 */
public final class Claviger implements AutoCloseable {
  private static final String ADDRESS = "in-process";

  private final InProcess process;

  private Claviger(InProcess process) {
    this.process = process;
  }

  /**
   * Starts on the caller's own PostgreSQL, version 15 or newer. Its schema {@code public} is
   * migrated to the current version. The caller must close the pool. The pool's connections must
   * use READ COMMITTED and auto-commit mode.
   *
   * @param encryptionKey one key of 32 characters or more, or several separated by commas; the
   *     first seals new values, and all open stored values
   * @throws io.claviger.operator.StartRefused when the database or the key can't be used
   */
  public static Claviger on(DataSource pool, String encryptionKey) {
    return new Claviger(InProcess.on(pool, encryptionKey));
  }

  /**
   * Starts on the embedded PostgreSQL. Its files and its encryption key are in a directory, as with
   * {@code serve}. Only one process at a time may serve from a directory.
   *
   * @throws io.claviger.operator.StartRefused when the directory is in use or can't be used
   */
  public static Claviger embedded(Path dataDirectory) {
    return new Claviger(InProcess.embedded(dataDirectory));
  }

  /** The built-in administrator {@code root}, who can create the first users. */
  public Actor root() {
    return as("root");
  }

  /**
   * Returns the user to act as.
   *
   * @throws NoSuchElementException when no user has this handle
   */
  public Actor as(String handle) {
    return switch (users().find(system(), new Handle(handle))) {
      case Outcome.Done<User> found -> actor(found.value());
      case Outcome.Refused<User> refused -> throw new NoSuchElementException("no user " + handle);
    };
  }

  public Users users() {
    return context().users();
  }

  public AccessTokens accessTokens() {
    return context().accessTokens();
  }

  public Standards standards() {
    return context().standards();
  }

  public Definitions definitions() {
    return context().definitions();
  }

  public Instances instances() {
    return context().instances();
  }

  public Sharing sharing() {
    return context().sharing();
  }

  public Projects projects() {
    return context().projects();
  }

  public UserKeys userKeys() {
    return context().userKeys();
  }

  public DefaultServices defaults() {
    return context().defaults();
  }

  public Models models() {
    return context().models();
  }

  public ModelConfigs modelConfigs() {
    return context().modelConfigs();
  }

  public AuditEvents auditEvents() {
    return context().auditEvents();
  }

  /** Authorizes calls, for programs that have a gateway of their own. */
  public CallAuthorization callAuthorization() {
    return context().callAuthorization();
  }

  /**
   * Checks connections. A check calls the provider from this process. Of users' services it calls
   * only those at globally reachable addresses.
   */
  public ConnectionChecks connectionChecks() {
    return context().connectionChecks();
  }

  /** Explains whether calls would pass. */
  public CallExplanations callExplanations() {
    return context().callExplanations();
  }

  @Override
  public void close() {
    process.close();
  }

  private NodeContext context() {
    return process.context();
  }

  private static Actor actor(User user) {
    return new Actor(
        user.id(), user.handle(), user.administrator(), Optional.empty(), ADDRESS, ADDRESS);
  }

  private static Actor system() {
    return new Actor(UserId.SYSTEM, Handle.SYSTEM, true, Optional.empty(), ADDRESS, ADDRESS);
  }
}
