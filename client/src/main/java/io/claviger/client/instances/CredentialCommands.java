package io.claviger.client.instances;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands for the credentials with which services authenticate to their providers. */
public final class CredentialCommands {
  private CredentialCommands() {}

  @Command(
      name = "credential",
      description = "Change the credential with which a service authenticates to its provider.")
  public static final class Change extends ChangeCommands.OfService {
    @Mixin private CredentialOptions credential = new CredentialOptions();
    @Mixin private KeyOptions key = new KeyOptions();
    @Mixin private AccountOptions account = new AccountOptions();

    @Option(
        names = "--endpoint",
        paramLabel = "URL",
        description = "Also change the endpoint of the service.")
    private Optional<String> endpoint = Optional.empty();

    @Option(
        names = "--clear-headers",
        description =
            "Remove the service's custom headers. Otherwise they are sent along with the"
                + " credential.")
    private boolean clearHeaders;

    public Change(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      Optional<Boolean> same = account.same(this::wrongUsage);
      CredentialWay way = credential.way(context.terminal(), true);
      JsonNode service = session.api().get(ref.path(session));
      String destination = endpoint.orElseGet(() -> JsonTrees.text(service, "endpoint"));
      printCompanions(service, !clearHeaders);
      ObjectNode change =
          JsonTrees.object()
              .put("endpoint", destination)
              .set(
                  "credential",
                  key.credential(
                      credential,
                      way,
                      new KeyOptions.Use(
                          context.terminal(),
                          session.destinations(),
                          ref.full(session),
                          destination,
                          endpoint.isPresent())));
      if (clearHeaders) {
        change.putNull("custom_headers");
      }
      same.ifPresent(answer -> change.put("same_account", answer));
      JsonNode unused = session.api().patch(ref.path(session), change, service);
      out().printf("%s has a new credential. The next call uses it.%n", ref.full(session));
      if (way.isFederated()) {
        out().println(enter(ref.full(session), way));
      }
      out().printf("Try it: claviger check %s%n", ref.full(session));
      return DONE;
    }
  }

  /**
   * Returns a line with a command. The command shows what must be entered at a provider so that the
   * provider trusts signed statements.
   */
  static String enter(String ref, CredentialWay way) {
    return "What to enter at the provider: claviger issuer show %s --provider %s"
        .formatted(ref, way.provider());
  }

  @Command(
      name = "confirm",
      description =
          "Confirm the destination of a service's credential without a secret. Until"
              + " you confirm the destination, calls of the service are refused.")
  public static final class Confirm extends ChangeCommands.OfService {
    private static final List<String> ADDRESSES =
        List.of("token_url", "sts_url", "impersonation_url");

    @Option(
        names = "--destination",
        paramLabel = "URL",
        description =
            "The endpoint of the service, as it is now. Without this option, you are asked.")
    private Optional<String> destination = Optional.empty();

    @Option(
        names = "--token-url",
        paramLabel = "URL",
        description =
            "A token URL; the provider's own token URL need not be given. This"
                + " option may be given several times.")
    private List<String> tokenUrls = List.of();

    public Confirm(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      // A former owner who gave the service away may still confirm the destination, but can't see
      // the service any more.
      Optional<JsonNode> service = session.api().find(ref.path(session));
      service.ifPresent(this::print);
      ObjectNode body = JsonTrees.object();
      body.put(
          "destination",
          destination.orElseGet(() -> typed("To confirm the destination, type the endpoint: ")));
      ArrayNode urls = body.putArray("token_urls");
      named(service).forEach(urls::add);
      Map<String, String> asSeen =
          service.map(seen -> Map.of("If-Match", Api.tag(seen))).orElse(Map.of());
      Object unused =
          session.api().call("POST", ref.path(session, "credential", "_confirm"), body, asSeen);
      out()
          .printf(
              "%s is confirmed. Try it: claviger check %s%n", ref.full(session), ref.full(session));
      return DONE;
    }

    private void print(JsonNode service) {
      out()
          .printf(
              "endpoint           %s%n", TerminalText.line(JsonTrees.text(service, "endpoint")));
      addresses(service)
          .forEach(
              name ->
                  out()
                      .printf(
                          "%-18s %s%n",
                          name, TerminalText.line(JsonTrees.text(settings(service), name))));
      out()
          .printf(
              "API standard       %s%n",
              TerminalText.line(JsonTrees.text(service, "api_standard")));
      String headers = ChangeCommands.headerNames(service);
      if (!headers.isEmpty()) {
        out().printf("custom headers     %s%n", headers);
      }
    }

    private static JsonNode settings(JsonNode service) {
      return service.path("credential").path("federation");
    }

    private static Stream<String> addresses(JsonNode service) {
      return ADDRESSES.stream().filter(settings(service)::hasNonNull);
    }

    private List<String> named(Optional<JsonNode> service) {
      boolean asks =
          destination.isEmpty()
              && tokenUrls.isEmpty()
              && service.filter(seen -> addresses(seen).findAny().isPresent()).isPresent();
      return asks
          ? Stream.of(typed("Other addresses that are not the provider's own: ").split("[\\s,]+"))
              .filter(url -> !url.isEmpty())
              .toList()
          : tokenUrls;
    }

    private String typed(String question) {
      return context
          .terminal()
          .ask(question)
          .map(String::strip)
          .orElseThrow(
              () ->
                  ClientFault.of(
                      "nothing is confirmed: there is no terminal to ask on",
                      "Name the endpoint with --destination, and addresses with --token-url."));
    }
  }

  /**
   * The options that say whether calls with the new credential reach the same account at the
   * provider as before.
   */
  static final class AccountOptions {
    @Option(
        names = "--same-account",
        description = "The new key belongs to the same account: borrowers keep what they stored.")
    private boolean same;

    @Option(
        names = "--other-account",
        description =
            "The new key belongs to another account: borrowers lose access to"
                + " what they stored. Nothing is deleted at the provider.")
    private boolean other;

    Optional<Boolean> same(
        java.util.function.Function<String, ? extends RuntimeException> wrongUsage) {
      if (same && other) {
        throw wrongUsage.apply("--same-account can't be combined with --other-account");
      }
      return same || other ? Optional.of(same) : Optional.empty();
    }
  }
}
