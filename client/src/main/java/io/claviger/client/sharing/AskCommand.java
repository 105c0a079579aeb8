package io.claviger.client.sharing;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.LifetimeConverter;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "ask",
    description =
        "Ask the owner of a service for more rights. The models and operations that"
            + " you name are added to those of your share. A budget replaces your share's"
            + " budget with the same unit and window. An end applies to your whole share.")
public final class AskCommand extends ClientCommand {
  @Parameters(
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description = "OWNER/HANDLE.")
  private String ref;

  @Option(names = "--role", paramLabel = "ROLE", description = "reader, writer or owner.")
  private Optional<String> role = Optional.empty();

  @Option(
      names = "--models",
      split = ",",
      completionCandidates = CompletedNames.Models.class,
      paramLabel = "NAME",
      description = "Further models, separated by commas.")
  private List<String> models = List.of();

  @Option(
      names = "--operations",
      split = ",",
      paramLabel = "OPERATION",
      description = "Further operations, such as 'POST embeddings', separated by commas.")
  private List<String> operations = List.of();

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      converter = BudgetOption.Converter.class,
      description = "The budget that you ask for, such as 40usd/month.")
  private Optional<BudgetOption> budget = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = LifetimeConverter.class,
      description = "When your share is to end, such as 30d (from now). Default: its present end.")
  private Optional<Duration> lifetime = Optional.empty();

  @Option(names = "--note", paramLabel = "TEXT", description = "A note for the owner.")
  private Optional<String> note = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public AskCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    ObjectNode wish = wish();
    if (wish.isEmpty()) {
      throw wrongUsage(
          "say what you ask for, by --role, --models, --operations, --budget or --for");
    }
    note.ifPresent(text -> wish.put("note", text));
    JsonNode asked = session.api().post(session.servicePath(ref, "requests"), wish);
    if (output.json()) {
      out().println(JsonTrees.pretty(asked));
    } else if (output.quiet()) {
      out().println(TerminalText.line(JsonTrees.text(asked, "id")));
    } else {
      out()
          .println(
              TerminalText.line(
                  ("The owner of %s is asked, and can grant the request with claviger grant %s"
                          + " or in the console.")
                      .formatted(session.ref(ref), JsonTrees.text(asked, "id"))));
    }
    return DONE;
  }

  private ObjectNode wish() {
    ObjectNode wish = JsonTrees.object();
    role.ifPresent(text -> wish.put("role", text));
    if (!models.isEmpty()) {
      models.forEach(wish.putArray("models")::add);
    }
    if (!operations.isEmpty()) {
      operations.forEach(wish.putArray("operations")::add);
    }
    budget.ifPresent(amount -> wish.set("budget", amount.json()));
    lifetime.ifPresent(time -> wish.put("until", context.clock().instant().plus(time).toString()));
    return wish;
  }
}
