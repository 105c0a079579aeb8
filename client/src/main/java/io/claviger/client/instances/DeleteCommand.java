package io.claviger.client.instances;

import io.claviger.client.command.Confirmation;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "delete", description = "Delete a service with its key and its shares.")
public final class DeleteCommand extends ChangeCommands.OfService {
  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask for confirmation.")
  private boolean sure;

  public DeleteCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String path = ref.path(session);
    Confirmation.of(context.terminal(), sure)
        .require("Delete %s with its key and its shares?".formatted(ref.full(session)));
    session.api().delete(path);
    out().printf("%s is deleted.%n", ref.full(session));
    return DONE;
  }
}
