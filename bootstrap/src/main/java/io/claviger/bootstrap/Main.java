package io.claviger.bootstrap;

import io.claviger.bootstrap.cli.ClavigerCommandLine;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.LogSettings;
import io.claviger.bootstrap.tls.ServerTls;
import io.claviger.client.ClientProgram;
import io.claviger.client.terminal.StandardOutput;
import io.claviger.host.StartRefused;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // everything is in English, including the digits
    StandardOutput output = StandardOutput.replaceSystemOut();
    System.exit(output.exitCode(execute(System.getenv(), args)));
  }

  /**
   * Executes a command and returns its exit code. For {@code serve} and {@code demo}, returns only
   * if the start failed.
   *
   * @param environment the environment variables for the command
   */
  public static int execute(Map<String, String> environment, String... arguments) {
    if (ClientProgram.knows(arguments)) {
      return ClientProgram.execute(environment, arguments);
    }
    // The database driver sends the name of the default time zone to the database. The database
    // knows UTC, but might not know the name of another time zone.
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    // Libraries might log before a command has read its settings, so the log is configured with
    // default settings until then.
    StandardErrorLog.configure(LogSettings.STANDARD);
    // This call comes before anything uses TLS, because the JDK reads the setting for renegotiation
    // only once.
    ServerTls.refuseRenegotiation();
    GivenVariables given;
    try {
      given = GivenVariables.read(environment, arguments);
    } catch (StartRefused refused) {
      refused.lines().forEach(reason -> System.err.println("claviger: " + reason));
      return 1;
    }
    return ClavigerCommandLine.of(Programs.STANDARD, given, arguments).execute(arguments);
  }
}
