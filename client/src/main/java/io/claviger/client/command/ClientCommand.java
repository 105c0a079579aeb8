package io.claviger.client.command;

import io.claviger.client.http.ApiRefusal;
import io.claviger.client.http.PendingChange;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that sends requests to the server at which the user is signed in. */
public abstract class ClientCommand implements Callable<Integer> {
  /** The exit code of a command that succeeded. */
  protected static final int DONE = 0;

  /** The exit code of a command that failed. */
  protected static final int FAILED = 1;

  /**
   * The exit code of a command that did not do everything, or whose change waits for the consent of
   * others.
   */
  protected static final int SOMETHING_LEFT_OUT = 3;

  /**
   * The exit code of a command that found something to change, but was not asked to make the
   * change.
   */
  protected static final int SOMETHING_TO_CHANGE = 4;

  private static final int FORBIDDEN = 403;

  protected final ProgramContext context;

  @Option(
      names = "--server",
      paramLabel = "NAME",
      description =
          "The server, if you are signed in at several. Default: the server of the"
              + " last sign-in.")
  private Optional<String> server = Optional.empty();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  protected ClientCommand(ProgramContext context) {
    this.context = context;
  }

  @Override
  public final Integer call() {
    try (ApiSession session = ApiSession.open(context, server)) {
      session.fileOpenToOthers().ifPresent(this::warn);
      return runOn(session);
    } finally {
      out().flush();
    }
  }

  private void warn(Path openToOthers) {
    err()
        .printf(
            "claviger: warning: other users of this machine may have access to your sign-in. Run: chmod"
                + " 600 %s%n",
            openToOthers);
    err().flush();
  }

  private int runOn(ApiSession session) {
    try {
      return run(session);
    } catch (PendingChange e) {
      out().println(printsJson() ? e.json() : "This change " + e.sentence());
      return SOMETHING_LEFT_OUT;
    } catch (ApiRefusal e) {
      throw e.status() == FORBIDDEN && session.signIn().scope().equals("use")
          ? e.fault(
              "This sign-in can't change anything. To change things, sign in"
                  + " again: claviger login URL --manage")
          : e.fault();
    }
  }

  private boolean printsJson() {
    OptionSpec json = spec.findOption("--json");
    return json != null && Boolean.TRUE.equals(json.getValue());
  }

  /**
   * Runs the command.
   *
   * @return the exit code
   */
  protected abstract int run(ApiSession session);

  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /**
   * Writes a CSV file from the server to standard output. If standard output is a terminal, control
   * characters are replaced.
   */
  protected final void printFile(ApiSession session, String path) {
    session
        .api()
        .download(path, context.terminal().isOutput() ? TerminalText.filtering(out()) : out());
  }

  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Returns the fault for arguments that do not fit together. */
  protected final ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
