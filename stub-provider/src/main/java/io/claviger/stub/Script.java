package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the prompt of a request tells the stub to do. The model's name is not used for this, because
 * agent programs choose it themselves. A text of the user may hold:
 *
 * <ul>
 *   <li>{@code stub:call TOOL JSON}: calls the tool, with the JSON object as its arguments, if the
 *       request offers a tool of that name. Of several such calls, the next one is made when the
 *       conversation has the result of the one before. After the result of the last one the stub
 *       answers with text. Only the last text of a user with such calls counts, and the results
 *       after it. For a freeform tool, a JSON string may be given too
 *   <li>{@code stub:usage PART=NUMBER …}: adds to the stated usage. The parts are {@code cached},
 *       {@code written_5m}, {@code written_1h} (input read from a cache or written to one), {@code
 *       reasoning}, {@code audio_in}, {@code audio_out} and {@code images} (tokens of images in the
 *       input). An API that does not state a part leaves it out
 * </ul>
 *
 * @param toolCall the tool to call; null to answer with text
 * @param usage the number of tokens of each part
 */
record Script(@Nullable ToolCall toolCall, Map<String, Integer> usage) {
  static final Script NONE = new Script(null, Map.of());

  private static final byte[] MARK = "stub:".getBytes(US_ASCII);
  private static final Pattern CALL = Pattern.compile("\\bstub:call\\s+(\\S+)\\s+(?=[{\"])");
  private static final Pattern USAGE = Pattern.compile("\\bstub:usage((?:\\s+\\w+=\\d{1,9})+)");

  /** Ignores what follows the JSON value, because a text may follow the arguments of a call. */
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  static Script of(byte[] body, int length) {
    if (!holds(body, length, MARK)) {
      return NONE;
    }
    JsonNode root;
    try {
      root = JSON.readTree(body, 0, length);
    } catch (JacksonException malformed) {
      return NONE;
    }
    ChatTranscript transcript = ChatTranscript.of(root, text -> CALL.matcher(text).find());
    return new Script(toolCall(root, transcript), usage(transcript.userTexts()));
  }

  /** Whether a text stands anywhere in a body. */
  static boolean holds(byte[] body, int length, byte[] text) {
    for (int i = 0; i + text.length <= length; i++) {
      int same = 0;
      while (same < text.length && body[i + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable ToolCall toolCall(JsonNode root, ChatTranscript transcript) {
    Matcher call = CALL.matcher(transcript.lastMatch());
    for (int skipped = 0; skipped < transcript.resultsSince(); skipped++) {
      call.find();
    }
    if (!call.find()) {
      return null;
    }
    String name = call.group(1);
    @Nullable Boolean freeform = OfferedTools.of(root).get(name);
    if (freeform == null) {
      return null;
    }
    JsonNode arguments = argumentsAt(transcript.lastMatch().substring(call.end()));
    boolean text = freeform && arguments.isString();
    return new ToolCall(name, text ? arguments.asString() : arguments.toString(), freeform);
  }

  private static JsonNode argumentsAt(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      return JSON.readTree(parser);
    } catch (JacksonException malformed) {
      throw new BadCall("the arguments of stub:call are malformed");
    }
  }

  private static Map<String, Integer> usage(List<String> texts) {
    Map<String, Integer> usage = new HashMap<>();
    for (String text : texts) {
      Matcher directive = USAGE.matcher(text);
      while (directive.find()) {
        for (String part : directive.group(1).strip().split("\\s+")) {
          int equals = part.indexOf('=');
          usage.put(part.substring(0, equals), Integer.parseInt(part.substring(equals + 1)));
        }
      }
    }
    return Map.copyOf(usage);
  }
}
