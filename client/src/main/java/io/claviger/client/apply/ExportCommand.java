package io.claviger.client.apply;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = {
      "Write everything that you own into a file that can be applied.",
      "Instead of keys, the file contains the names of variables."
    })
public final class ExportCommand extends ClientCommand {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of the file. Default: your handle.")
  private String name = "";

  @Option(
      names = "--system",
      description = {
        "Write what belongs to everybody instead: definitions, services, groups, models and"
            + " prices.",
        "Only administrators may do this."
      })
  private boolean system;

  @Option(
      names = "--users",
      description =
          "With --system, also write the limits of users. This takes a request for each user.")
  private boolean users;

  public ExportCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String owner = system ? EntryNames.SYSTEM : session.user();
    try (RequestSender requests = new RequestSender(session.api())) {
      ExportedState exported = ExportReader.read(requests, session.user(), owner, system && users);
      String title = !name.isEmpty() ? name : system ? "system" : session.user();
      out().print(Yaml.write(exported.document(title)));
    }
    return DONE;
  }
}
