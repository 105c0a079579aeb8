package io.claviger.sdks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes calls with a library for Java in this process. The results have the form that the files for
 * Node print.
 */
final class JavaClientRun {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** How a library is set up. */
  interface Factory {
    JavaClient of(String clavigerUrl, String token, String model);
  }

  private JavaClientRun() {}

  static List<CaseResult> of(Factory client, List<FrameworkCall> calls) {
    return calls.stream().map(call -> outcome(client, call)).toList();
  }

  private static CaseResult outcome(Factory factory, FrameworkCall call) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("name", call.name().name());
    try {
      JavaClient client = factory.of(call.url(), call.token(), call.model());
      outcome.put("saw", saw(client, call));
    } catch (RuntimeException e) {
      outcome.put("raised", Map.of("type", e.getClass().getSimpleName(), "message", messages(e)));
    }
    return new CaseResult(JSON.valueToTree(outcome));
  }

  private static Map<String, Object> saw(JavaClient client, FrameworkCall call) {
    return switch (call.call()) {
      case "answer" -> Map.of("text", client.answer(call.prompt()));
      case "tool" -> Map.of("text", client.callTool(call.prompt()));
      case "stream" -> {
        List<String> pieces = client.stream(call.prompt());
        yield Map.of("text", String.join("", pieces), "pieces", pieces.size());
      }
      default -> throw new IllegalArgumentException(call.call());
    };
  }

  /** Frameworks wrap what their HTTP clients raise. */
  private static String messages(Throwable raised) {
    StringBuilder messages = new StringBuilder();
    for (Throwable each = raised; each != null; each = each.getCause()) {
      messages.append(each.getMessage()).append('\n');
    }
    return messages.toString();
  }
}
