package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "sign-in-link",
    description = "Print a link with which a user signs in, once and within a minute.")
final class SignInLinkCommand implements Callable<Integer> {
  private final Programs.SignInLink link;
  private final Map<String, String> environment;

  @Parameters(paramLabel = "USER", description = "The handle of the user.")
  private String user;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the user and the spec
  SignInLinkCommand(Programs.SignInLink link, Map<String, String> environment) {
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
}
