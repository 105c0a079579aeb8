package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.node.RunningServer;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.UnknownVariables;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description =
        "Serve the API and the gateway until stopped. Environment variables configure the node.")
public final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private final Program serve;
  private final GivenVariables given;
  private final Ending ending;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ServeCommand(Program serve, GivenVariables given, Ending ending) {
    this.serve = serve;
    this.given = given;
    this.ending = ending;
  }

  @Override
  public Integer call() {
    Settings settings = Settings.forServing(given);
    StandardErrorLog.configure(settings.log());
    given.file().ifPresent(file -> LOG.info("variables of {} were read", file.toAbsolutePath()));
    UnknownVariables.in(given).forEach(LOG::warn);
    PrintWriter out = spec.commandLine().getOut();
    return ending.await(() -> serve.start(settings), serving -> announceToPeople(serving, out));
  }

  /**
   * Prints the link for the first sign-in, after the installation's first start. Prints the link
   * only to a terminal, because other people can read stored logs.
   */
  private static void announceToPeople(RunningServer serving, PrintWriter out) {
    announce(serving, out);
    serving
        .signInLink()
        .filter(link -> StandardStreams.isOutputTerminal())
        .ifPresent(
            link -> {
              out.println("sign in as root, once and within a minute: " + link.lend(String::new));
              out.flush();
            });
  }

  /**
   * Prints the line that tells other programs that the server is running. The line's format is part
   * of the program's contract.
   */
  static void announce(RunningServer serving, PrintWriter out) {
    out.printf("claviger is ready on %s, gateway on %s%n", serving.api(), serving.gateway());
    out.flush();
  }

  /** Starts a server, and returns when both listeners accept requests. */
  @FunctionalInterface
  public interface Program {
    RunningServer start(Settings settings);
  }
}
