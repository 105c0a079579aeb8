package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description =
        "Serve with sample data and a simulated provider. Each start begins with an empty installation.")
final class DemoCommand implements Callable<Integer> {
  private final Programs.Demo demo;
  private final Map<String, String> environment;
  private final Ending ending;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DemoCommand(Programs.Demo demo, Map<String, String> environment, Ending ending) {
    this.demo = demo;
    this.environment = environment;
    this.ending = ending;
  }

  @Override
  public Integer call() {
    StandardErrorLog.configure(Settings.from(environment).log());
    PrintWriter out = spec.commandLine().getOut();
    return ending.await(
        () -> demo.start(environment, out), serving -> ServeCommand.announce(serving, out));
  }
}
