package io.claviger.client.objects;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.Confirmation;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "reconcile",
    description =
        "Compare the objects that the provider of your service stores with those that"
            + " Claviger has on record.")
final class ReconcileCommand extends ClientCommand {
  private static final int NOT_FOUND = 404;
  private static final int INVALID = 422;

  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "KIND",
      description =
          "Only objects of this kind, such as files. Default: all kinds that the service lends.")
  private Optional<String> kind = Optional.empty();

  @Option(
      names = "--end-missing",
      description =
          "Remove from Claviger's record all objects that the provider no longer lists."
              + " Nothing is deleted at the provider.")
  private boolean endMissing;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask for confirmation.")
  private boolean sure;

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  ReconcileCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    List<String> kinds = kind.map(List::of).orElseGet(() -> lent(session));
    if (kinds.isEmpty()) {
      out().println("The service lends no storage. Name a kind, such as files.");
    }
    for (String each : kinds) {
      Optional<JsonNode> found = compared(session, each);
      if (found.isPresent()) {
        show(each, found.get());
        end(session, each, found.get());
      } else {
        out().printf("%s: the provider has no list of these objects%n", TerminalText.line(each));
      }
    }
    return DONE;
  }

  /**
   * Returns the differences between the provider's list and Claviger's record. Empty if the
   * provider has no list of objects of this kind and the user did not ask for this kind by name.
   */
  private Optional<JsonNode> compared(ApiSession session, String each) {
    try {
      return Optional.of(
          session.api().post(ref.path(session, "reconciliation", each), JsonTrees.object()));
    } catch (ApiRefusal e) {
      if (kind.isPresent() || e.status() != INVALID) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private List<String> lent(ApiSession session) {
    List<String> kinds = new ArrayList<>();
    session
        .api()
        .get(ref.path(session))
        .path("storage")
        .forEach(each -> kinds.add(each.asString()));
    return kinds;
  }

  private void show(String kind, JsonNode found) {
    out()
        .printf(
            "%s: %d listed by the provider, %d not on record, %d on record but not listed%s%n",
            TerminalText.line(kind),
            found.path("listed").asInt(),
            found.path("unrecorded_count").asInt(),
            found.path("missing_count").asInt(),
            found.path("complete").asBoolean()
                ? ""
                : " (the list is too long to tell what is missing)");
    found.path("unrecorded").forEach(id -> line("not on record", id));
    found.path("missing").forEach(id -> line("not listed", id));
  }

  private void line(String what, JsonNode id) {
    out().printf("  %-13s  %s%n", what, TerminalText.line(id.asString()));
  }

  private void end(ApiSession session, String kind, JsonNode found) {
    JsonNode missing = found.path("missing");
    if (!endMissing || missing.isEmpty()) {
      return;
    }
    Confirmation.of(context.terminal(), sure)
        .require("Delete these %d objects from the record?".formatted(missing.size()));
    int deleted = 0;
    for (JsonNode id : missing) {
      if (leave(session, kind, id.asString())) {
        deleted++;
      }
    }
    out().printf("Deleted %d from the record.%n", deleted);
    int more = found.path("missing_count").asInt() - missing.size();
    if (more > 0) {
      out().printf("%d more; run it again.%n", more);
    }
  }

  /** Deletes an object from Claviger's record. Returns whether the record contained the object. */
  private boolean leave(ApiSession session, String kind, String id) {
    try {
      session.api().delete(ref.path(session, "objects", kind, id) + "?at_provider=false");
      return true;
    } catch (ApiRefusal e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
      return false;
    }
  }
}
