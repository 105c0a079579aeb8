package io.claviger.bootstrap.cli;

import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.wiring.CommandContext;
import io.claviger.wiring.SignInOptions;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "sign-in-link",
    description = "Print a link with which a user can sign in once, within a minute.")
public final class SignInLinkCommand implements Callable<Integer> {
  private final Program link;
  private final Map<String, String> environment;

  @Parameters(paramLabel = "USER", description = "The handle of the user.")
  private String user;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the user and the spec
  SignInLinkCommand(Program link, Map<String, String> environment) {
    this.link = link;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Handle handle = handle();
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    PrintWriter out = spec.commandLine().getOut();
    out.println(link.make(settings, handle).<String>lend(String::new));
    out.flush();
    return ExitCode.DONE;
  }

  private Handle handle() {
    try {
      return new Handle(user);
    } catch (InvalidValue e) {
      throw new ParameterException(spec.commandLine(), "USER is a handle: " + e.allowed(), e);
    }
  }

  @FunctionalInterface
  public interface Program {
    Confidential make(Settings settings, Handle user);
  }

  /**
   * This command works whether or not nodes are running. The command needs an encryption key only
   * if the database's schema is of an earlier version.
   */
  public static Confidential make(Settings settings, Handle user) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      URI base =
          ConnectedDatabase.data(settings)
              .flatMap(SignInLinkCommand::served)
              .orElseGet(() -> base(settings));
      database.migrateForCommand(() -> KeyCommand.keyring(settings), false);
      SignInOptions options =
          new SignInOptions(new LocalSignIn(settings.signIn().local()), Optional.empty());
      try (CommandContext context =
          CommandContext.of(database.pool(), Optional.empty(), "sign-in-link", options)) {
        return Node.makeSignInLink(context.get(SignInLinks.class), user, base);
      }
    }
  }

  /**
   * Returns the URL at which a node with this data directory is serving, even if the node's
   * settings differ from the settings of this command.
   */
  private static Optional<URI> served(DataDirectory data) {
    return data.read(DataDirectory.ADDRESS)
        .map(address -> URI.create(address.<String>lend(String::new)));
  }

  /** Returns the URL at which browsers would reach the API of a node with these settings. */
  private static URI base(Settings settings) {
    return settings
        .signIn()
        .publicUrl()
        .orElseGet(
            () -> {
              if (settings.listeners().port() == 0) {
                throw new StartRefused(
                    "the port of the API is not known here: set CLAVIGER_PORT or"
                        + " CLAVIGER_PUBLIC_URL to the value that the node has");
              }
              return settings.listeners().url(settings.listeners().port());
            });
  }
}
