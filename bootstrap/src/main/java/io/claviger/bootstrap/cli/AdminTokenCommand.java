package io.claviger.bootstrap.cli;

import io.claviger.application.accounts.Users;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.Confidential;
import io.claviger.wiring.CommandContext;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "admin-token",
    description = "Print a new access token for root and revoke the token that was printed before.")
public final class AdminTokenCommand implements Callable<Integer> {
  private final Program adminToken;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--recover",
      description = "End everything with which anybody can act as root: tokens, sessions, links.")
  private boolean recover;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  AdminTokenCommand(Program adminToken, Map<String, String> environment) {
    this.adminToken = adminToken;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    PrintWriter out = spec.commandLine().getOut();
    Renewed renewed = adminToken.renew(settings, recover);
    PrintWriter err = spec.commandLine().getErr();
    renewed.ended().ifPresent(err::println);
    err.flush();
    out.println(renewed.token().<String>lend(String::new));
    out.flush();
    return ExitCode.DONE;
  }

  /** Creates a new access token for the user {@code root}. */
  @FunctionalInterface
  public interface Program {
    /**
     * @param recover whether to end all credentials with which anybody can act as {@code root}; if
     *     false, only the token that this command printed before is ended
     */
    Renewed renew(Settings settings, boolean recover);
  }

  public record Renewed(Confidential token, Optional<String> ended) {}

  /**
   * This command works whether or not nodes are running. The command needs an encryption key only
   * if the database's schema is of an earlier version.
   */
  public static Renewed renew(Settings settings, boolean recover) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      database.migrateForCommand(() -> KeyCommand.keyring(settings), false);
      try (CommandContext context =
          CommandContext.of(database.pool(), Optional.empty(), "admin-token")) {
        return renew(context.get(Users.class), recover);
      }
    }
  }

  private static Renewed renew(Users users, boolean recover) {
    if (!recover) {
      return new Renewed(Confidential.of(users.replaceRootToken().reveal()), Optional.empty());
    }
    Users.RecoveredRoot recovered = users.recoverRoot();
    return new Renewed(
        Confidential.of(recovered.token().reveal()), Optional.of(recovered.ended().sentence()));
  }
}
