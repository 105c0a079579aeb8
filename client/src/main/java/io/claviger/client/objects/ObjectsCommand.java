package io.claviger.client.objects;

import io.claviger.client.listings.ObjectListCommand;
import io.claviger.client.terminal.ProgramContext;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "objects",
    description = "List, delete and share what is stored at providers.",
    synopsisSubcommandLabel = "COMMAND")
public final class ObjectsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  private ObjectsCommand() {}

  /** Returns the command with the commands in it. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new ObjectsCommand())
        .addSubcommand(new ObjectListCommand(context))
        .addSubcommand(new DeleteObjectCommand(context))
        .addSubcommand(new ShareObjectCommand(context))
        .addSubcommand(new UnshareObjectCommand(context))
        .addSubcommand(new ReconcileCommand(context));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
