package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "admin-token",
    description = "Print a new access token for root and revoke the one that was printed before.")
final class AdminTokenCommand implements Callable<Integer> {
  private final Programs.AdminToken adminToken;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--recover",
      description = "End everything with which anybody can act as root: tokens, sessions, links.")
  private boolean recover;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  AdminTokenCommand(Programs.AdminToken adminToken, Map<String, String> environment) {
    this.adminToken = adminToken;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    PrintWriter out = spec.commandLine().getOut();
    Programs.AdminToken.Renewed renewed = adminToken.renew(settings, recover);
    PrintWriter err = spec.commandLine().getErr();
    renewed.ended().ifPresent(err::println);
    err.flush();
    out.println(renewed.token().<String>lend(String::new));
    out.flush();
    return ExitCode.DONE;
  }
}
