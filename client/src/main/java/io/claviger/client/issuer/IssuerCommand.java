package io.claviger.client.issuer;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ClientCommandGroup;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.Confirmation;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "issuer",
    description =
        "Let providers trust statements about services, and rotate the keys that sign these"
            + " statements.")
public final class IssuerCommand extends ClientCommandGroup {
  private IssuerCommand() {}

  /** Returns the command line of this command, with its subcommands. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new IssuerCommand())
        .addSubcommand(new Show(context))
        .addSubcommand(new Rotate(context))
        .addSubcommand(new Revoke(context));
  }

  /** A command that prints the issuer after the command has done its work. */
  abstract static class OfIssuer extends ClientCommand {
    private static final List<Column> KEYS =
        List.of(
            Column.of("KEY", "kid"),
            Column.of("STATE", "state"),
            Column.of("MADE", item -> TimeText.words(item, "created_at")),
            Column.of("SHOWN SINCE", item -> TimeText.words(item, "shown_at")),
            Column.of("SIGNS FROM", item -> TimeText.words(item, "signs_from")),
            Column.of("PUBLISHED UNTIL", item -> TimeText.words(item, "ends_at")));

    @Option(names = "--json", description = "Print JSON in the form of the API.")
    private boolean json;

    OfIssuer(ProgramContext context) {
      super(context);
    }

    void printKeys(JsonNode issuer) {
      out().printf("Issuer    %s%n", TerminalText.line(issuer.path("issuer").asString()));
      out().printf("Metadata  %s%n", TerminalText.line(issuer.path("metadata_url").asString()));
      out().printf("Key set   %s%n%n", TerminalText.line(issuer.path("key_set_url").asString()));
      new ListPrinter(out(), context)
          .printTable(List.of(List.copyOf(issuer.path("keys").values())), KEYS);
    }

    boolean printed(JsonNode issuer) {
      if (json) {
        out().println(JsonTrees.pretty(issuer));
      }
      return json;
    }
  }

  @Command(
      name = "show",
      description = "Print issuer, keys and key set, and what to enter at each provider.")
  static final class Show extends OfIssuer {
    @Parameters(
        arity = "0..1",
        paramLabel = "SERVICE",
        completionCandidates = CompletedNames.Services.class,
        description = "The service that the rules should name: OWNER/HANDLE, or HANDLE.")
    private Optional<String> service = Optional.empty();

    @Option(
        names = "--provider",
        paramLabel = "NAME",
        description = "Only this provider, such as aws.")
    private Optional<String> provider = Optional.empty();

    @Option(
        names = "--key-set",
        description = "Print the key set alone, to upload it or to put it on another host.")
    private boolean keySet;

    @Option(
        names = "--metadata",
        description = "Print the metadata alone, to put it on another host.")
    private boolean metadata;

    Show(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      JsonNode issuer =
          session.api().get(Api.query("/v1/issuer", Map.of("service", service.map(session::ref))));
      if (keySet || metadata) {
        out().println(JsonTrees.pretty(issuer.path(keySet ? "key_set" : "metadata")));
        return DONE;
      }
      if (printed(issuer)) {
        return DONE;
      }
      demandGuide(issuer.path("providers").values());
      printKeys(issuer);
      issuer.path("providers").forEach(this::printGuide);
      if (service.isEmpty()) {
        out().println();
        out().println("claviger issuer show SERVICE prints the rule for one service.");
      }
      return DONE;
    }

    private void demandGuide(Collection<JsonNode> guides) {
      List<String> names = guides.stream().map(each -> each.path("provider").asString()).toList();
      if (provider.isPresent() && !names.contains(provider.get())) {
        throw ClientFault.of(
            "nothing has to be entered at a provider %s".formatted(provider.get()),
            "--provider takes a federation.provider: " + String.join(", ", names));
      }
    }

    private void printGuide(JsonNode guide) {
      if (provider.isPresent() && !provider.get().equals(guide.path("provider").asString())) {
        return;
      }
      out()
          .printf(
              "%n%s (federation.provider: %s)%n",
              TerminalText.line(guide.path("title").asString()),
              TerminalText.line(guide.path("provider").asString()));
      guide
          .path("entries")
          .forEach(
              entry -> {
                out().printf("  %s%n", TerminalText.line(entry.path("label").asString()));
                entry
                    .path("value")
                    .asString()
                    .lines()
                    .forEach(line -> out().printf("      %s%n", TerminalText.visible(line)));
              });
    }
  }

  @Command(
      name = "rotate",
      description = "Publish a new key. It is used to sign one day after providers can read it.")
  static final class Rotate extends OfIssuer {
    @Option(
        names = "--uploaded",
        description =
            "Use the published key to sign now. Do this only after you have"
                + " uploaded the key set to all providers that do not read it"
                + " themselves.")
    private boolean uploaded;

    Rotate(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      JsonNode issuer =
          session.api().post("/v1/issuer/_rotate", JsonTrees.object().put("uploaded", uploaded));
      if (!printed(issuer)) {
        printKeys(issuer);
        out()
            .printf(
                "%n%s%n",
                uploaded
                    ? "The new key signs from now on."
                    : "The new key is used to sign as soon as the key set at the"
                        + " address above has contained it for a day."
                        + " If you uploaded the key set to a provider, upload it"
                        + " again: claviger issuer show --key-set");
      }
      return DONE;
    }
  }

  @Command(
      name = "revoke",
      description =
          "If a key might have been stolen: end all keys immediately, and sign with a new one.")
  static final class Revoke extends OfIssuer {
    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask for confirmation.")
    private boolean sure;

    Revoke(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      Confirmation.of(context.terminal(), sure)
          .require(
              "End all keys of the issuer? Until a provider has read the new key set, it accepts"
                  + " no new statement.");
      JsonNode issuer = session.api().post("/v1/issuer/_revoke", JsonTrees.object());
      if (!printed(issuer)) {
        printKeys(issuer);
        out()
            .printf(
                "%nUpload the key set to providers that do not read it: claviger issuer show --key-set%n"
                    + "Tokens that providers gave before are valid until they expire.%n");
      }
      return DONE;
    }
  }
}
