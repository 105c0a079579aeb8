package io.claviger.client.sharing;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "attribution",
    description =
        "Find out which caller is meant by an identifier that a provider named, for example"
            + " in a complaint.")
public final class AttributionCommand extends ClientCommand {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Parameters(
      index = "1",
      paramLabel = "IDENTIFIER",
      description = "The identifier, which begins with clv_.")
  private String identifier;

  @Mixin private OutputOptions output = new OutputOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public AttributionCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode found = session.api().get(ref.path(session, "attribution", identifier));
    String user = TerminalText.line(JsonTrees.text(found, "user"));
    if (output.json()) {
      out().println(JsonTrees.pretty(found));
    } else if (output.quiet()) {
      out().println(user);
    } else {
      out()
          .printf(
              "%s called %s, last on %s. End a share of theirs: claviger revoke %s --from %s%n",
              user,
              ref.full(session),
              TerminalText.line(JsonTrees.text(found, "last_used_on")),
              ref.full(session),
              user);
    }
    return DONE;
  }
}
