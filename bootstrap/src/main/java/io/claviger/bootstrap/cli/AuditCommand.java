package io.claviger.bootstrap.cli;

import io.claviger.application.audit.TimeSpan;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.operator.StartRefused;
import io.claviger.web.json.Times;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "audit", description = "The audit trail.")
final class AuditCommand extends CommandGroup {
  /** Not the printer of the other commands: it would not say what went wrong. */
  private static final OutputStream STANDARD_OUTPUT = new FileOutputStream(FileDescriptor.out);

  private final Programs.AuditExport export;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  AuditCommand(Programs.AuditExport export, Map<String, String> environment) {
    this.export = export;
    this.environment = environment;
  }

  @Command(
      name = "export",
      description = "Print the audit trail, a line of JSON for each event, oldest first.")
  int export(
      @Option(
              names = "--since",
              paramLabel = "TIME",
              description = "Begin with what was done then, such as 2026-01-01T00:00:00Z.")
          Optional<String> since,
      @Option(
              names = "--until",
              paramLabel = "TIME",
              description = "End before what was done then.")
          Optional<String> until) {
    TimeSpan span = span(since, until);
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    try {
      export.write(settings, span, STANDARD_OUTPUT);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
        throw new StartRefused("the export can't be written: " + e.getMessage(), e);
      }
      // Who reads has enough, as head does.
    }
    return ExitCode.DONE;
  }

  private TimeSpan span(Optional<String> since, Optional<String> until) {
    try {
      return new TimeSpan(since.map(text -> time("since", text)), until.map(t -> time("until", t)));
    } catch (InvalidValue e) {
      throw new ParameterException(
          spec.subcommands().get("export"), "--" + e.field() + " has to be " + e.allowed(), e);
    }
  }

  private static Instant time(String name, String text) {
    return Times.parse(name, text);
  }
}
