package io.claviger.bootstrap;

import io.claviger.bootstrap.cli.ClavigerCommandLine;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.doctor.Examination;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.node.AdminToken;
import io.claviger.bootstrap.node.AuditExport;
import io.claviger.bootstrap.node.Demo;
import io.claviger.bootstrap.node.ImportDhamps;
import io.claviger.bootstrap.node.ImportPrices;
import io.claviger.bootstrap.node.KeyAdministration;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.node.SignInLink;
import io.claviger.bootstrap.settings.LogSettings;
import io.claviger.client.ClientProgram;
import java.util.Map;

/** The program's main class. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(execute(System.getenv(), args));
  }

  /**
   * Executes a command and returns its exit code. {@code serve} and {@code demo} return only if
   * they did not start.
   *
   * @param environment the variables that configure the command
   */
  public static int execute(Map<String, String> environment, String... arguments) {
    if (ClientProgram.knows(arguments)) {
      return ClientProgram.execute(environment, arguments);
    }
    // Libraries may log before a command has read its settings.
    StandardErrorLog.configure(LogSettings.STANDARD);
    Programs programs =
        new Programs(
            Node::start,
            new Demo(),
            new AdminToken(),
            new SignInLink(),
            new KeyAdministration(),
            new ImportDhamps(),
            new ImportPrices(),
            new AuditExport(),
            Examination::of);
    return ClavigerCommandLine.of(programs, environment, arguments).execute(arguments);
  }
}
