package io.claviger.client.objects;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.Confirmation;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "delete",
    description =
        "Delete an object that you hold, or that was stored with the key of your service.")
final class DeleteObjectCommand extends ClientCommand {
  @Mixin private ObjectArguments object = new ObjectArguments();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean sure;

  DeleteObjectCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String path = object.path(session, "objects");
    String words = object.words(session);
    Confirmation.of(context.terminal(), sure)
        .require("Delete %s, so that nobody can use it any more?".formatted(words));
    session.api().delete(path);
    out().printf("Nobody can use %s any more.%n", words);
    return DONE;
  }
}
