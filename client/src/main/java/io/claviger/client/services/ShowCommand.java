package io.claviger.client.services;

import io.claviger.client.command.Budget;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.http.TerminalText;
import io.claviger.client.json.Json;
import io.claviger.client.output.Times;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.Surroundings;
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
  public ShowCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode service = session.api().get(session.servicePath(ref));
    if (output.json()) {
      out().println(Json.pretty(service));
      return DONE;
    }
    if (output.quiet()) {
      out().println(TerminalText.line(Json.text(service, "ref")));
      return DONE;
    }
    line("service", Json.optional(service, "ref"));
    line("name", Json.optional(service, "display_name"));
    line("note", Json.optional(service, "note"));
    line("your role", Json.optional(service, "role").map(role -> role + via(service)));
    line("provider", Json.optional(service, "provider"));
    line("standard", Json.optional(service, "api_standard"));
    line("endpoint", Json.optional(service, "endpoint"));
    line("model", Json.optional(service, "model"));
    line("base URL", Json.optional(service, "gateway_url"));
    line("state", Optional.of(service.path("enabled").asBoolean() ? "enabled" : "disabled"));
    line("key", Optional.of(key(service)));
    limits(service.path("my_limits"));
    return DONE;
  }

  private static String via(JsonNode service) {
    return Json.optional(service, "via").map(group -> ", by " + group).orElse("");
  }

  private static String key(JsonNode service) {
    String yours =
        service.path("has_effective_api_key").asBoolean()
            ? "your calls have one"
            : "your calls have none";
    return service.path("has_api_key").asBoolean()
        ? "%s; the service's was set %s".formatted(yours, Times.words(service, "api_key_set_at"))
        : yours;
  }

  private void limits(JsonNode limits) {
    line("rate", Json.optional(limits, "requests_per_minute").map("%s calls a minute"::formatted));
    line("models", list(limits.path("models")));
    line("operations", list(limits.path("operations")));
    line("max output", Json.optional(limits, "max_output_tokens").map("%s tokens"::formatted));
    for (JsonNode budget : limits.path("budgets")) {
      line("budget", Optional.of(Budget.words(budget)));
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
