package io.claviger.client.instances;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.command.PaceOptions;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Show a service.")
public final class ShowCommand extends ClientCommand {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Mixin private OutputOptions output = new OutputOptions();

  public ShowCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode service = session.api().get(ref.path(session));
    if (output.json()) {
      out().println(JsonTrees.pretty(service));
      return DONE;
    }
    if (output.quiet()) {
      out().println(TerminalText.line(JsonTrees.text(service, "ref")));
      return DONE;
    }
    printLine("service", JsonTrees.optional(service, "ref"));
    printLine("name", JsonTrees.optional(service, "display_name"));
    printLine("note", JsonTrees.optional(service, "note"));
    printLine(
        "metadata",
        Optional.of(service.path("metadata"))
            .filter(data -> !data.isEmpty())
            .map(Object::toString));
    printLine("your role", JsonTrees.optional(service, "role").map(role -> role + via(service)));
    printLine("provider", JsonTrees.optional(service, "provider"));
    printLine("standard", JsonTrees.optional(service, "api_standard"));
    printLine("endpoint", JsonTrees.optional(service, "endpoint"));
    printLine("model", JsonTrees.optional(service, "model"));
    printLine("base URL", JsonTrees.optional(service, "gateway_url"));
    printLine("state", JsonTrees.optional(service, "state").map(state -> state.replace('_', ' ')));
    printLine("key", Optional.of(key(service)));
    printLine("credential", credential(service.path("credential")));
    printLine("no token", JsonTrees.optional(service.path("credential"), "last_error"));
    printLine("references", JsonTrees.optional(service, "isolation").map(ShowCommand::references));
    printLine("caches", JsonTrees.optional(service, "cache_separation").map(ShowCommand::caches));
    printLimits(service.path("my_limits"));
    printLine("allowed", allowed(service.path("provider_limits")));
    printLine(
        "shared with",
        JsonTrees.optional(service, "capacity_group")
            .map("the services of group %s; the lowest limits apply"::formatted));
    printLine(
        "wait",
        JsonTrees.optional(service, "max_wait_ms").map("at most %s ms for a turn"::formatted));
    printLine(
        "WebSockets",
        JsonTrees.optional(service, "max_connection_minutes").map("at most %s minutes"::formatted));
    return DONE;
  }

  /**
   * Returns the limits that the provider has set for the account, as the service's owner stated
   * them.
   */
  private static Optional<String> allowed(JsonNode limits) {
    return Optional.of(
        limits.properties().stream()
            .filter(limit -> limit.getValue().isNumber())
            .map(limit -> limit.getValue().asString() + " " + limit.getKey().replace('_', ' '))
            .collect(Collectors.joining(", ")));
  }

  /** Says where the service looks for references to stored things; an unknown word stays. */
  private static String references(String isolation) {
    return switch (isolation) {
      case "forms" -> "found anywhere, by the form of ids";
      case "places" -> "found in known places only";
      default -> isolation;
    };
  }

  /** Says whether callers share the provider's caches; an unknown word stays. */
  private static String caches(String separation) {
    return switch (separation) {
      case "hint" -> "each caller has names of their own";
      case "none" -> "callers may find each other's prompts";
      default -> separation;
    };
  }

  private static String via(JsonNode service) {
    return JsonTrees.optional(service, "via").map(group -> ", by " + group).orElse("");
  }

  private static String key(JsonNode service) {
    String yours =
        service.path("has_effective_api_key").asBoolean()
            ? "your calls have one"
            : "your calls have none";
    if (service.path("has_user_key").asBoolean()) {
      yours += "; you store your own";
    }
    return service.path("has_api_key").asBoolean()
        ? "%s; the service's own key was set %s"
            .formatted(yours, TimeText.words(service, "api_key_set_at"))
        : yours;
  }

  /** Returns how the service authenticates to the provider; empty if the user may not see this. */
  private static Optional<String> credential(JsonNode credential) {
    String provider =
        JsonTrees.optional(credential.path("federation"), "provider").map("-"::concat).orElse("");
    String confirmed =
        credential.path("confirmed").asBoolean(true)
            ? ""
            : "; its owner has to confirm where it is used (claviger confirm)";
    return JsonTrees.optional(credential, "kind").map(kind -> kind + provider + confirmed);
  }

  private void printLimits(JsonNode limits) {
    printLine(
        "rate",
        JsonTrees.optional(limits, "requests_per_minute").map("%s calls a minute"::formatted));
    printLine("pace", Optional.of(String.join(", ", PaceOptions.words(limits))));
    printLine("models", list(limits.path("models")));
    printLine("operations", list(limits.path("operations")));
    printLine(
        "max output", JsonTrees.optional(limits, "max_output_tokens").map("%s tokens"::formatted));
    for (JsonNode budget : limits.path("budgets")) {
      printLine("budget", Optional.of(BudgetOption.words(budget)));
    }
  }

  private static Optional<String> list(JsonNode texts) {
    return texts.isArray()
        ? Optional.of(
            texts.values().stream().map(JsonNode::asString).collect(Collectors.joining(", ")))
        : Optional.empty();
  }

  private void printLine(String name, Optional<String> text) {
    text.filter(each -> !each.isEmpty())
        .ifPresent(each -> out().printf("%-11s %s%n", name, TerminalText.line(each)));
  }
}
