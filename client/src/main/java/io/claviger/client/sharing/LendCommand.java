package io.claviger.client.sharing;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.LifetimeConverter;
import io.claviger.client.command.LimitPhrases;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.command.PaceOptions;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "lend",
    description =
        "Lend the use of a service. If the user or group already has a share, only the given options"
            + " change.")
public final class LendCommand extends ClientCommand {
  private static final int PRECONDITION_FAILED = 412;

  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Option(
      names = "--to",
      completionCandidates = CompletedNames.Holders.class,
      required = true,
      paramLabel = "NAME",
      description = "A user, or a group with an @ before its name.")
  private String grantee;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "reader, writer or owner. A new share is for a reader unless given.")
  private Optional<String> role = Optional.empty();

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "Only these models, separated by commas. A * at the end matches any ending.")
  private List<String> models = List.of();

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      converter = BudgetOption.Converter.class,
      description =
          "A budget, such as 20usd/month or 1000000tokens/day. Budgets of another unit or window"
              + " stay.")
  private Optional<BudgetOption> budget = Optional.empty();

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description = "The maximum number of calls per minute.")
  private Optional<Integer> rate = Optional.empty();

  @Mixin private PaceOptions pace = new PaceOptions();

  @Option(
      names = "--weight",
      paramLabel = "NUMBER",
      description =
          "The weight of the borrower's calls, from 1 to 100, which counts while the"
              + " provider's limits do not suffice for all calls. Default for a new share:"
              + " 10.")
  private Optional<Integer> weight = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = LifetimeConverter.class,
      description =
          "The time for which the share lasts, such as 30d. Default: until the share is revoked.")
  private Optional<Duration> lifetime = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the arguments
  public LendCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String path = ref.path(session, "shares", grantee);
    JsonNode share = lent(session, path);
    if (output.json()) {
      out().println(JsonTrees.pretty(share));
    } else if (output.quiet()) {
      out().println(TerminalText.line(JsonTrees.text(share, "grantee")));
    } else {
      out().println(TerminalText.line(ShareWords.of(ref.full(session), share)));
      if (share.has("leaves_pool")) {
        out()
            .println(
                TerminalText.line(
                    ("The limits that members of @%s have in common no longer apply"
                            + " to %s: calls use this share.")
                        .formatted(
                            JsonTrees.text(share, "leaves_pool"),
                            JsonTrees.text(share, "grantee"))));
      }
      tellOfPrices(session, share.path("models_without_price"));
    }
    return DONE;
  }

  private void tellOfPrices(ApiSession session, JsonNode models) {
    if (!models.isEmpty()) {
      out()
          .println(
              TerminalText.line(
                  ("Calls are refused until %s %s a price. Set it at "
                          + "%s/console/services/%s/prices, or let an operator run claviger prices"
                          + " import.")
                      .formatted(
                          ShareWords.list(models),
                          models.size() == 1 ? "has" : "have",
                          session.signIn().server(),
                          ref.full(session))));
    }
  }

  /**
   * Changes a share, or creates the share if there is none. If somebody else changes the share at
   * the same time, their change is not overwritten.
   */
  private JsonNode lent(ApiSession session, String path) {
    Optional<JsonNode> before = session.api().find(path);
    before.ifPresent(share -> demandNotEnded(session, share));
    try {
      return before.isPresent()
          ? session.api().patch(path, terms(before.get()), before.get())
          : session
              .api()
              .create(path, terms(JsonTrees.object()).put("role", role.orElse("reader")));
    } catch (ApiRefusal e) {
      if (e.status() == PRECONDITION_FAILED) {
        throw ClientFault.of(
            "somebody else changed what %s has of %s in the meantime; nothing was changed"
                .formatted(TerminalText.line(grantee), ref.full(session)),
            "Run the command again. It changes only what its arguments name.");
      }
      throw e;
    }
  }

  /** A change of a share that has ended would not let its holder use the service again. */
  private void demandNotEnded(ApiSession session, JsonNode share) {
    JsonTrees.time(share, "expires_at")
        .filter(end -> lifetime.isEmpty() && !end.isAfter(context.clock().instant()))
        .ifPresent(
            end -> {
              throw ClientFault.of(
                  "the share of %s in %s ended on %s; nothing was changed"
                      .formatted(
                          TerminalText.line(grantee), ref.full(session), TimeText.words(end)),
                  "Say with --for how long it lasts from now on, or revoke it first.");
            });
  }

  /**
   * Returns the share's terms as the command's arguments state them, in the form of the API.
   *
   * @param stored the share as it is stored; an empty object if there is none
   */
  private ObjectNode terms(JsonNode stored) {
    ObjectNode terms = JsonTrees.object();
    role.ifPresent(text -> terms.put("role", text));
    lifetime.ifPresent(
        time -> terms.put("expires_at", context.clock().instant().plus(time).toString()));
    weight.ifPresent(number -> terms.put("weight", number));
    ObjectNode limits = JsonTrees.object();
    budget.ifPresent(wanted -> limits.set("budgets", budgets(stored, wanted)));
    if (!models.isEmpty()) {
      models.forEach(limits.putArray("models")::add);
    }
    rate.ifPresent(number -> limits.put("requests_per_minute", number));
    pace.addTo(limits);
    if (!limits.isEmpty()) {
      terms.set("limits", limits);
    }
    return terms;
  }

  /**
   * Returns a share's budgets together with a new budget. If the share already has budgets with the
   * unit and the window of the new budget, these budgets get the new amount and keep their other
   * settings.
   */
  private static ArrayNode budgets(JsonNode before, BudgetOption wanted) {
    ArrayNode all = JsonTrees.object().arrayNode();
    boolean replaced = false;
    for (JsonNode each : before.path("limits").path("budgets")) {
      boolean same = wanted.isOfSameKind(each);
      all.add(same ? ((ObjectNode) each.deepCopy()).put("amount", wanted.amount()) : each);
      replaced |= same;
    }
    return replaced ? all : all.add(wanted.json());
  }

  /** Writes a sentence about what a share permits. */
  private static final class ShareWords {
    private static final String USUAL_WEIGHT = "10";

    private ShareWords() {}

    static String of(String service, JsonNode share) {
      String grantee = JsonTrees.text(share, "grantee");
      List<String> parts = new ArrayList<>();
      parts.add(
          "%s may %s %s"
              .formatted(
                  grantee.startsWith("@") ? "Each member of " + grantee : grantee,
                  verb(JsonTrees.text(share, "role")),
                  service));
      if (share.path("may_reshare").asBoolean(false)) {
        parts.add(
            "also through projects of theirs that others use"
                + (share.path("to_everybody").asBoolean(false)
                    ? ", even if a project is open to everybody"
                    : ""));
      }
      parts.addAll(LimitPhrases.bounds(share.path("limits")));
      List<String> pooled = LimitPhrases.bounds(share.path("pooled_limits"));
      if (!pooled.isEmpty()) {
        parts.add("all members together " + String.join(" and ", pooled));
      }
      JsonTrees.optional(share, "weight")
          .filter(weight -> !weight.equals(USUAL_WEIGHT))
          .ifPresent(weight -> parts.add("with a weight of " + weight));
      parts.add(
          JsonTrees.time(share, "expires_at")
              .map(end -> "until " + TimeText.words(end))
              .orElse("until you revoke it"));
      return String.join(", ", parts) + ".";
    }

    private static String verb(String role) {
      return switch (role) {
        case "reader" -> "use";
        case "writer" -> "use, describe and switch on and off";
        case "owner" -> "use, change and lend";
        default -> "be %s of".formatted(role);
      };
    }

    private static String list(JsonNode names) {
      return names.values().stream()
          .map(JsonNode::asString)
          .map(TerminalText::name)
          .collect(Collectors.joining(", "));
    }
  }
}
