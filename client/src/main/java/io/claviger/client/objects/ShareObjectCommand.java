package io.claviger.client.objects;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "share",
    description = "Let borrowers of your service refer to an object of the provider's account.")
final class ShareObjectCommand extends ClientCommand {
  @Mixin private ObjectArguments object = new ObjectArguments();

  @Option(
      names = "--with",
      split = ",",
      completionCandidates = CompletedNames.Holders.class,
      paramLabel = "NAME",
      description = "Users, and groups behind an @. All borrowers unless given.")
  private List<String> borrowers = List.of();

  @Option(names = "--read", description = "They may read the object and its content, too.")
  private boolean readable;

  ShareObjectCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    ObjectNode body = JsonTrees.object().put("access", readable ? "read" : "refer");
    if (!borrowers.isEmpty()) {
      ArrayNode names = body.putArray("borrowers");
      borrowers.forEach(names::add);
    }
    Optional<JsonNode> unused =
        session.api().call("PUT", object.path(session, "shared-objects"), body, Map.of());
    out()
        .printf(
            "%s may refer to %s%s.%n",
            borrowers.isEmpty() ? "All borrowers" : String.join(", ", borrowers),
            object.words(session),
            readable ? ", and read it" : "");
    return DONE;
  }
}
