package io.claviger.client.run;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.GatewayUrl;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.text.TerminalText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Finds out from the user's options to which service or model a program's calls go. */
final class CallRouteFinder {
  private final ApiSession session;

  CallRouteFinder(ApiSession session) {
    this.session = session;
  }

  CallRoute toService(String ref, Optional<String> model) {
    JsonNode service = session.api().get(session.servicePath(ref));
    String standard = JsonTrees.text(service, "api_standard");
    return new CallRoute(
        format(standard),
        Optional.of(standard),
        GatewayUrl.ofService(session.api(), service).text(),
        Optional.of(JsonTrees.text(service, "ref")),
        model);
  }

  /** Finds the route of calls to the user's default service. */
  CallRoute toDefault() {
    String path = Api.path("v1", "users", session.user(), "default-service");
    return session
        .api()
        .find(path)
        .map(chosen -> toService(JsonTrees.text(chosen, "service"), Optional.empty()))
        .orElseThrow(
            () ->
                ClientFault.of(
                    "say which service: --service REF, or --model NAME",
                    "You have no default service. claviger services lists what you can use."));
  }

  /**
   * Finds the route for programs that use the given format and call no particular service. On this
   * route, the name of the model decides which service is called.
   */
  CallRoute byModels(SdkFormat format, Optional<String> model) {
    if (!format.isRouted()) {
      throw ClientFault.of(
          "each service of the format %s is called by its own URL".formatted(format.handle()),
          "Name the service: --service REF");
    }
    String gateway = GatewayUrl.of(session.api()).text();
    return new CallRoute(format, Optional.empty(), format.routed(gateway), Optional.empty(), model);
  }

  /**
   * Finds the route for a model's name. The route uses the first format in which the gateway knows
   * a model of this name.
   */
  CallRoute toModel(String name) {
    SdkFormat found =
        Stream.of(SdkFormat.values())
            .filter(SdkFormat::isRouted)
            .filter(format -> leadsSomewhere(format, name))
            .findFirst()
            .orElseThrow(
                () ->
                    ClientFault.of(
                        "there is no model of this name that you may call",
                        "claviger models lists those of the catalogue; claviger services the"
                            + " services, whose models are named OWNER/HANDLE/MODEL."));
    return byModels(found, Optional.of(name));
  }

  private boolean leadsSomewhere(SdkFormat format, String name) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("format", Optional.of(format.handle()));
    query.put("name", Optional.of(name));
    JsonNode resolution = session.api().get(Api.query("/v1/model-resolution", query));
    return JsonTrees.optional(resolution, "target").isPresent();
  }

  /**
   * Returns the format of an API standard. This program knows the formats of Claviger's built-in
   * standards, and asks the server for those of other standards.
   */
  private SdkFormat format(String standard) {
    return switch (standard) {
      case "none", "azure-openai" -> SdkFormat.OPENAI;
      default -> SdkFormat.of(standard).orElseGet(() -> asked(standard));
    };
  }

  private SdkFormat asked(String standard) {
    JsonNode found = session.api().get(Api.path("v1", "api-standards", standard));
    String format = JsonTrees.text(found, "format");
    return SdkFormat.of(format)
        .orElseThrow(
            () ->
                ClientFault.of(
                    "this program does not know the format %s"
                        .formatted(TerminalText.line(format))));
  }

  /**
   * The service or model to which a program's calls are sent.
   *
   * @param service the only service that the program calls; empty if the name of the model decides
   *     which service is called
   * @param standard the API standard of this service
   * @param model the model that the program should prefer; empty if the user named none
   */
  record CallRoute(
      SdkFormat format,
      Optional<String> standard,
      String baseUrl,
      Optional<String> service,
      Optional<String> model) {
    private static final String AZURE = "azure-openai";

    /** Returns the environment variables that make the program use this route. */
    Map<String, String> variables(String token) {
      if (standard.equals(Optional.of(AZURE))) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AZURE_OPENAI_ENDPOINT", baseUrl);
        variables.put("AZURE_OPENAI_API_KEY", token);
        return variables;
      }
      return format.variables(baseUrl, token, model);
    }
  }
}
