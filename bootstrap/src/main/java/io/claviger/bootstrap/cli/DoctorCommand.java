package io.claviger.bootstrap.cli;

import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.LogSettings;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.UnknownVariables;
import io.claviger.host.StartRefused;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    description =
        "Check the database, the encryption keys and the environment, without changing anything.")
public final class DoctorCommand implements Callable<Integer> {
  private final Program doctor;
  private final GivenVariables given;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DoctorCommand(Program doctor, GivenVariables given) {
    this.doctor = doctor;
    this.given = given;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean[] failed = {false};
    try {
      Settings settings = Settings.from(given);
      StandardErrorLog.configure(
          new LogSettings(LogSettings.LogLevel.ERROR, settings.log().format(), 0));
      UnknownVariables.in(given).forEach(line -> print(Finding.warn("environment", line), out));
      doctor.examine(settings, finding -> failed[0] |= print(finding, out));
    } catch (StartRefused e) {
      for (String line : e.lines()) {
        failed[0] |= print(Finding.fail("environment", line), out);
      }
    }
    return failed[0] ? ExitCode.FAILED : ExitCode.DONE;
  }

  private static boolean print(Finding finding, PrintWriter out) {
    out.println(line(finding));
    out.flush();
    return finding.failed();
  }

  /** Returns the line that this command prints for a finding. */
  public static String line(Finding finding) {
    String level = finding.failed() ? "FAIL" : finding.level().wireName();
    return "%-4s  %-15s  %s".formatted(level, finding.name(), finding.what());
  }

  /** Examines the installation without changing anything. Reports each finding immediately. */
  @FunctionalInterface
  public interface Program {
    void examine(Settings settings, Consumer<Finding> findings);
  }
}
