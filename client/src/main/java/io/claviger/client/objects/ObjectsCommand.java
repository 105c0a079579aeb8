package io.claviger.client.objects;

import io.claviger.client.command.ClientCommandGroup;
import io.claviger.client.listings.ObjectListCommand;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(name = "objects", description = "List, delete and share what is stored at providers.")
public final class ObjectsCommand extends ClientCommandGroup {
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
}
