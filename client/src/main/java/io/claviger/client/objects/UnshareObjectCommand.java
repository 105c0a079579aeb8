package io.claviger.client.objects;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "unshare", description = "End the sharing of an object, which stays where it is.")
final class UnshareObjectCommand extends ClientCommand {
  @Mixin private ObjectArguments object = new ObjectArguments();

  UnshareObjectCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    session.api().delete(object.path(session, "shared-objects"));
    out().printf("Borrowers may no longer refer to %s.%n", object.words(session));
    return DONE;
  }
}
