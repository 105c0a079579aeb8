package io.claviger.bootstrap.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Without a subcommand it is wrong usage, and shows all commands with a few examples. */
@Command(
    name = "claviger",
    description = "Lends the use of an LLM service, never its key.",
    versionProvider = ClavigerVersion.class,
    synopsisSubcommandLabel = "COMMAND")
final class ClavigerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ClavigerCommand() {}

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return spec.exitCodeOnInvalidInput();
  }
}
