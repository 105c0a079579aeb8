package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An item of a response before its message: the reasoning of a model that reasons, or the run of a
 * tool at the provider.
 *
 * @param item the whole item as JSON
 */
record OpenAiPrelude(String id, String item) {
  private static final Pattern REASONING =
      Pattern.compile("(?:o[1-9]|gpt-5(?!-chat)|codex-|thinking-).*");
  private static final Pattern NOT_REASONING =
      Pattern.compile("(?:gpt-3|gpt-4|chatgpt|gpt-5-chat).*");
  private static final String ENCRYPTED = "reasoning.encrypted_content";

  /** Whether OpenAI's model of this name reasons; {@code thinking-…} is one of the stub. */
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
    if ("auto".equals(call.fields().scalar("tools.container.type"))) {
      preludes.add(container(call));
    }
    return preludes;
  }

  /** The run of code in a container that is made for it. */
  private static OpenAiPrelude container(StubCall call) {
    String container = call.account().idOf("cntr_", call);
    if (call.account().of(Kind.CONTAINER).get(container) == null) {
      OpenAiContainers.keep(call.account(), container, "auto");
    }
    String id = call.account().idOf("ci_", call);
    return new OpenAiPrelude(
        id,
        ("{\"id\": \"%s\", \"type\": \"code_interpreter_call\", \"status\": \"completed\", "
                + "\"code\": \"1 + 1\", \"container_id\": \"%s\", \"outputs\": null}")
            .formatted(id, container));
  }
}
