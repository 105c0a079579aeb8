package io.claviger.bootstrap.cli;

import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.ChainHead;
import io.claviger.host.StartRefused;
import io.claviger.web.audit.AuditLines;
import io.claviger.web.json.Times;
import io.claviger.wiring.CommandContext;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    description =
        "Print the audit trail, a line of JSON for each event, oldest first, and its signed head.")
public final class AuditExportCommand implements Callable<Integer> {
  /**
   * Standard output as a stream that writes to the file descriptor directly, because a {@code
   * PrintWriter} would hide errors.
   */
  private static final OutputStream STANDARD_OUTPUT = new FileOutputStream(FileDescriptor.out);

  private final Program export;
  private final Map<String, String> environment;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Print events from this time on, such as 2026-01-01T00:00:00Z.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "TIME", description = "Print events before this time.")
  private Optional<String> until = Optional.empty();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  AuditExportCommand(Program export, Map<String, String> environment) {
    this.export = export;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    TimeSpan span = span();
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    try {
      export.write(settings, span, STANDARD_OUTPUT);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
        throw new StartRefused("the export can't be written: " + e.getMessage(), e);
      }
      // The program that reads the export, such as `head`, has closed the pipe.
    }
    return ExitCode.DONE;
  }

  private TimeSpan span() {
    try {
      return new TimeSpan(since.map(text -> time("since", text)), until.map(t -> time("until", t)));
    } catch (InvalidValue e) {
      throw new ParameterException(
          spec.commandLine(), "--" + e.field() + " has to be " + e.allowed(), e);
    }
  }

  private static Instant time(String name, String text) {
    return Times.parse(name, text);
  }

  /**
   * Writes all events of the audit trail, or the events in a time span, as JSON lines, oldest
   * first.
   */
  @FunctionalInterface
  public interface Program {
    /**
     * @throws IOException if writing to the stream fails
     */
    void write(Settings settings, TimeSpan span, OutputStream out) throws IOException;
  }

  /** This command works whether or not nodes are running, and changes nothing. */
  public static void write(Settings settings, TimeSpan span, OutputStream out) throws IOException {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings);
        CommandContext context =
            CommandContext.of(database.pool(), Optional.empty(), "audit export")) {
      AuditVerifyCommand.requireCurrent(context);
      Optional<ChainHead> head =
          context.get(AuditChain.class).export(span, lines -> write(lines, out));
      out.write(AuditLines.writeEnd(new AuditLines.End(head, span)));
      out.write('\n');
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (AuditChain.MonthsRemoved e) {
      throw new StartRefused(
          "months of the audit trail were removed while they were exported, so `audit verify` would"
              + " report their events as missing; export again",
          e);
    } catch (StoreUnavailable e) {
      throw new StartRefused(e.getMessage() + "; the output is incomplete", e);
    } catch (ConcurrencyConflict e) {
      throw new StartRefused(
          "a session of the database has kept events from getting their numbers for 30 seconds; the"
              + " output is incomplete, and the log of each node names the session",
          e);
    }
  }

  private static void write(List<AuditChain.ExportedLine> exported, OutputStream out) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (AuditChain.ExportedLine line : exported) {
      lines.writeBytes(AuditLines.write(line));
      lines.write('\n');
    }
    try {
      lines.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
