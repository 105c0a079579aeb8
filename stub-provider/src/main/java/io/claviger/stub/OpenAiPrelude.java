package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An item before the message of a response: the reasoning of a model, or the run of a tool at the
 * provider.
 *
 * @param item the complete item, as JSON
 */
record OpenAiPrelude(String id, String item) {
  private static final Pattern REASONING =
      Pattern.compile("(?:o[1-9]|gpt-5(?!-chat)|codex-|thinking-).*");
  private static final Pattern NOT_REASONING =
      Pattern.compile("(?:gpt-3|gpt-4|chatgpt|gpt-5-chat).*");
  private static final String ENCRYPTED = "reasoning.encrypted_content";

  /** The tool runs that a script can request, each with the item that reports it. */
  private static final Map<String, String> TOOLS =
      Map.of(
          "web_search",
          "\"type\": \"web_search_call\", \"action\": {\"type\": \"search\", \"query\": \"parrots\"}",
          "open_page",
          "\"type\": \"web_search_call\", \"action\": {\"type\": \"open_page\", \"url\": \"https://x\"}",
          "file_search",
          "\"type\": \"file_search_call\", \"queries\": [\"parrots\"], \"results\": null",
          "code_interpreter",
          "\"type\": \"code_interpreter_call\", \"code\": \"1\", \"container_id\": \"of_%s\", \"outputs\": null",
          "computer_use",
          "\"type\": \"computer_call\", \"action\": {\"type\": \"click\", \"x\": 1, \"y\": 2}",
          "image",
          "\"type\": \"image_generation_call\", \"size\": \"1024x1536\", \"quality\": \"high\", \"result\": \"AA==\"");

  /**
   * Whether the given name is that of a reasoning model of OpenAI. Names such as {@code thinking-…}
   * belong to a reasoning model of the stub.
   */
  static boolean reasons(String model) {
    return REASONING.matcher(model).matches();
  }

  static List<OpenAiPrelude> of(StubCall call) {
    List<OpenAiPrelude> preludes = new ArrayList<>();
    boolean encrypted = call.fields().texts("include").contains(ENCRYPTED);
    if (reasons(call.model())) {
      String id = call.account().idOf("rs_", call);
      preludes.add(
          new OpenAiPrelude(
              id,
              "{\"id\": \"%s\", \"type\": \"reasoning\", \"summary\": []%s}"
                  .formatted(
                      id,
                      encrypted
                          ? ", \"encrypted_content\": \"%s\""
                              .formatted(OpenAiContext.encrypted(call.account(), id))
                          : "")));
    } else if (encrypted && NOT_REASONING.matcher(call.model()).matches()) {
      throw OpenAiStore.refused(
          400, "Encrypted content is not supported with this model.", "include", null);
    }
    if (makesContainer(call)) {
      preludes.add(container(call));
    }
    for (Map.Entry<String, String> each : TOOLS.entrySet()) {
      for (int i = 0; i < call.runs(each.getKey()); i++) {
        preludes.add(run(call, each.getKey() + i, each.getValue()));
      }
    }
    return preludes;
  }

  /**
   * Returns the fees for the tools in a response. Several runs of code in the same container are
   * charged once.
   */
  static List<ProviderLedger.Fee> fees(StubCall call) {
    List<ProviderLedger.Fee> fees =
        StubBill.fees(call, "web_search", "post", "profile", "file_search", "computer_use");
    int sessions = call.runs("code_interpreter") + (makesContainer(call) ? 1 : 0);
    if (sessions > 0) {
      fees.add(new ProviderLedger.Fee("code_interpreter", "", sessions));
    }
    if (call.runs("image") > 0) {
      fees.add(new ProviderLedger.Fee("image", "high/1024x1536", call.runs("image")));
    }
    if (imagesRead(call) > 0) {
      fees.add(new ProviderLedger.Fee("image", "", imagesRead(call)));
    }
    return fees;
  }

  /**
   * Returns how many images the runs of the image generation tool read. Each run reads two images
   * if the request contains one. Otherwise, each run but the first one reads the image before.
   */
  static int imagesRead(StubCall call) {
    int runs = call.runs("image");
    return call.fields().texts("input.content.image_url").isEmpty()
        ? Math.max(0, runs - 1)
        : 2 * runs;
  }

  private static boolean makesContainer(StubCall call) {
    return "auto".equals(call.fields().scalar("tools.container.type"))
        || runsShell(call)
        || named(call) != null;
  }

  /** Returns the existing container that a tool names; null if there is none. */
  private static @Nullable String named(StubCall call) {
    String id = call.fields().scalar("tools.container");
    return id != null && call.account().of(Kind.CONTAINER).get(id) != null ? id : null;
  }

  private static boolean runsShell(StubCall call) {
    return "container_auto".equals(call.fields().scalar("tools.environment.type"));
  }

  /**
   * Returns an item for a tool run at the provider. A generated image is complete although its
   * status says otherwise, as at OpenAI.
   *
   * @param name a unique name among the runs in the same response
   * @param fields the item's type and further fields, without braces
   */
  private static OpenAiPrelude run(StubCall call, String name, String fields) {
    String id = "%s_%s".formatted(name, call.account().idOf("run_", call));
    String status = fields.contains("\"image_generation_call\"") ? "generating" : "completed";
    return new OpenAiPrelude(
        id, "{\"id\": \"%s\", \"status\": \"%s\", %s}".formatted(id, status, fields.formatted(id)));
  }

  /**
   * Returns a run of code or of a shell, in the container that a tool names, or in a container that
   * is created for this run.
   */
  private static OpenAiPrelude container(StubCall call) {
    @Nullable String named = named(call);
    String container = named == null ? call.account().idOf("cntr_", call) : named;
    if (call.account().of(Kind.CONTAINER).get(container) == null) {
      OpenAiContainers.keep(call.account(), container, "auto", "1g");
    }
    if (runsShell(call)) {
      String id = call.account().idOf("sh_", call);
      return new OpenAiPrelude(
          id,
          ("{\"id\": \"%s\", \"type\": \"shell_call\", \"status\": \"completed\", \"action\": "
                  + "{\"commands\": [\"ls\"]}, \"environment\": {\"type\": "
                  + "\"container_reference\", \"container_id\": \"%s\"}}")
              .formatted(id, container));
    }
    String id = call.account().idOf("ci_", call);
    return new OpenAiPrelude(
        id,
        ("{\"id\": \"%s\", \"type\": \"code_interpreter_call\", \"status\": \"completed\", "
                + "\"code\": \"1 + 1\", \"container_id\": \"%s\", \"outputs\": null}")
            .formatted(id, container));
  }
}
