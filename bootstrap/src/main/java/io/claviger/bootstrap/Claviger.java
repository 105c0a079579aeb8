package io.claviger.bootstrap;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.defaults.DefaultsModule;
import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.gateway.GatewayModule;
import io.claviger.application.instances.Instances;
import io.claviger.application.models.ModelsModule;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.userkeys.UserKeysModule;
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
 * Claviger in process: the use cases that the API serves, called as a given user, without HTTP and
 * without access tokens. Who runs it may act as anybody; every change is on record as that user's.
 *
 * <p>Any number of these and of serving nodes may share one database.
 */
public final class Claviger implements AutoCloseable {
  private static final String ADDRESS = "in-process";

  private final InProcess process;

  private Claviger(InProcess process) {
    this.process = process;
  }

  /**
   * On a PostgreSQL 15 or newer of one's own, whose schema {@code public} is brought up to date.
   * The pool stays the caller's to close; its connections are READ COMMITTED and in auto-commit
   * mode.
   *
   * @param encryptionKey one key of 32 characters or more, or several separated by commas: the
   *     first seals, all open
   * @throws io.claviger.operator.StartRefused when the database or the key is not right
   */
  public static Claviger on(DataSource pool, String encryptionKey) {
    return new Claviger(InProcess.on(pool, encryptionKey));
  }

  /**
   * On the embedded PostgreSQL, with its files and its encryption key in a directory, as {@code
   * serve} keeps them; at most one process serves from a directory.
   *
   * @throws io.claviger.operator.StartRefused when the directory is in use or not right
   */
  public static Claviger embedded(Path dataDirectory) {
    return new Claviger(InProcess.embedded(dataDirectory));
  }

  /** The built-in administrator {@code root}, to create the first users with. */
  public Actor root() {
    return as("root");
  }

  /**
   * A user to act as.
   *
   * @throws NoSuchElementException when there is none of that handle
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

  public DefinitionsModule definitions() {
    return context().definitions();
  }

  public Instances instances() {
    return context().instances();
  }

  public Sharing sharing() {
    return context().sharing();
  }

  public ProjectsModule projects() {
    return context().projects();
  }

  public UserKeysModule userKeys() {
    return context().userKeys();
  }

  public DefaultsModule defaults() {
    return context().defaults();
  }

  public ModelsModule models() {
    return context().models();
  }

  public AuditEvents auditEvents() {
    return context().auditEvents();
  }

  /**
   * The decision about a call, for who brings a gateway of their own, and the check of a
   * connection, which calls the provider from this process: of users' services those at globally
   * reachable addresses.
   */
  public GatewayModule gateway() {
    return context().gateway();
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
