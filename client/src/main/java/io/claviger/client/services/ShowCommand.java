package io.claviger.client.services;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.http.TerminalText;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Show a service.")
public final class ShowCommand extends ClientCommand {
  @Parameters(paramLabel = "REF", description = "OWNER/HANDLE, or HANDLE for one of your own.")
  private String ref;

  @Mixin private OutputOptions output = new OutputOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the reference
  public ShowCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode service = session.api().get(session.servicePath(ref));
    if (output.json()) {
      out().println(JsonTrees.pretty(service));
      return DONE;
    }
    if (output.quiet()) {
      out().println(TerminalText.line(JsonTrees.text(service, "ref")));
      return DONE;
    }
    line("service", JsonTrees.optional(service, "ref"));
    line("name", JsonTrees.optional(service, "display_name"));
    line("note", JsonTrees.optional(service, "note"));
    line("your role", JsonTrees.optional(service, "role").map(role -> role + via(service)));
    line("provider", JsonTrees.optional(service, "provider"));
    line("standard", JsonTrees.optional(service, "api_standard"));
    line("endpoint", JsonTrees.optional(service, "endpoint"));
    line("model", JsonTrees.optional(service, "model"));
    line("base URL", JsonTrees.optional(service, "gateway_url"));
    line("state", Optional.of(service.path("enabled").asBoolean() ? "enabled" : "disabled"));
    line("key", Optional.of(key(service)));
    limits(service.path("my_limits"));
    return DONE;
  }

  private static String via(JsonNode service) {
    return JsonTrees.optional(service, "via").map(group -> ", by " + group).orElse("");
  }

  private static String key(JsonNode service) {
    String yours =
        service.path("has_effective_api_key").asBoolean()
            ? "your calls have one"
            : "your calls have none";
    return service.path("has_api_key").asBoolean()
        ? "%s; the service's was set %s".formatted(yours, TimeText.words(service, "api_key_set_at"))
        : yours;
  }

  private void limits(JsonNode limits) {
    line(
        "rate",
        JsonTrees.optional(limits, "requests_per_minute").map("%s calls a minute"::formatted));
    line("models", list(limits.path("models")));
    line("operations", list(limits.path("operations")));
    line("max output", JsonTrees.optional(limits, "max_output_tokens").map("%s tokens"::formatted));
    for (JsonNode budget : limits.path("budgets")) {
      line("budget", Optional.of(BudgetOption.words(budget)));
    }
  }

  private static Optional<String> list(JsonNode texts) {
    return texts.isArray()
        ? Optional.of(
            texts.values().stream().map(JsonNode::asString).collect(Collectors.joining(", ")))
        : Optional.empty();
  }

  private void line(String name, Optional<String> text) {
    text.filter(each -> !each.isEmpty())
        .ifPresent(each -> out().printf("%-11s %s%n", name, TerminalText.line(each)));
  }
}
