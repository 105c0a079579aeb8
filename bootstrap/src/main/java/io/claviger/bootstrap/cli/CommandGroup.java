package io.claviger.bootstrap.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that needs a subcommand. Without a subcommand, the command reports wrong usage. */
abstract class CommandGroup implements Callable<Integer> {
  @Spec private CommandSpec group;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  CommandGroup() {}

  @Override
  public final Integer call() {
    throw new ParameterException(group.commandLine(), "name a subcommand");
  }
}
