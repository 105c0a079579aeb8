package io.claviger.client.objects;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.Confirmation;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "reconcile",
    description =
        "Compare what the provider of your service holds with what Claviger has on record.")
final class ReconcileCommand extends ClientCommand {
  private static final int INVALID = 422;

  @Parameters(
      index = "0",
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description = "OWNER/HANDLE, or HANDLE for one of your own.")
  private String ref;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "KIND",
      description = "Only this kind, such as files; all that the service lends without it.")
  private Optional<String> kind = Optional.empty();

  @Option(
      names = "--end-missing",
      description = "Delete from the record what the provider does not list any more.")
  private boolean endMissing;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
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
      try {
        JsonNode found =
            session
                .api()
                .post(session.servicePath(ref, "reconciliation", each), JsonTrees.object());
        show(each, found);
        end(session, each, found.path("missing"));
      } catch (ApiRefusal e) {
        if (kind.isPresent() || e.status() != INVALID) {
          throw e;
        }
        out().printf("%s: the provider has no list of them%n", TerminalText.line(each));
      }
    }
    return DONE;
  }

  private List<String> lent(ApiSession session) {
    List<String> kinds = new ArrayList<>();
    session
        .api()
        .get(session.servicePath(ref))
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

  private void end(ApiSession session, String kind, JsonNode missing) {
    if (!endMissing || missing.isEmpty()) {
      return;
    }
    Confirmation.of(context.terminal(), sure)
        .require("Delete these %d from the record?".formatted(missing.size()));
    missing.forEach(
        id -> session.api().delete(session.servicePath(ref, "objects", kind, id.asString())));
    out().printf("Deleted %d from the record.%n", missing.size());
  }
}
