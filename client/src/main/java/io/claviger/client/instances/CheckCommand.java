package io.claviger.client.instances;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "check",
    description =
        "Call the provider once for a service, or once for each service that you can use."
            + " The exit code is 1 if one of them is not ok.")
public final class CheckCommand extends ClientCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("SERVICE", "service"),
          Column.of("STATUS", "status"),
          Column.number("MS", "latency_ms"),
          Column.of("WHY", CheckWords::of));

  @Parameters(
      arity = "0..1",
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description =
          "OWNER/HANDLE, or HANDLE for one of your own. Without this argument, all"
              + " services that you can use.")
  private Optional<String> ref = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  public CheckCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    List<JsonNode> checks =
        ref.map(one -> List.of(one(session, one))).orElseGet(() -> all(session));
    ListPrinter printer = new ListPrinter(out(), context);
    if (output.json()) {
      printer.printJson(List.of(checks));
    } else if (output.quiet()) {
      printer.printNames(
          List.of(checks.stream().filter(check -> !CheckWords.isOk(check)).toList()),
          COLUMNS.get(0));
    } else {
      printer.printTable(List.of(checks), COLUMNS);
    }
    return checks.stream().allMatch(CheckWords::isOk) ? DONE : FAILED;
  }

  private static JsonNode one(ApiSession session, String ref) {
    JsonNode check = session.api().post(session.servicePath(ref, "check"), JsonTrees.object());
    ObjectNode named = JsonTrees.object().put("service", session.ref(ref));
    check.properties().forEach(field -> named.set(field.getKey(), field.getValue()));
    return named;
  }

  private static List<JsonNode> all(ApiSession session) {
    String path = Api.path("v1", "llm-services", session.user(), "_check");
    return List.copyOf(session.api().post(path, JsonTrees.object()).path("items").values());
  }
}
