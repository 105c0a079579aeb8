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
 * The instructions to the stub in a request's prompt. The model's name can't contain the
 * instructions, because agent programs choose the model themselves. A user's text can contain these
 * instructions:
 *
 * <ul>
 *   <li>{@code stub:call TOOL JSON}: answers with a call of the tool, if the request offers a tool
 *       with this name. The JSON object becomes the call's arguments. If there are several such
 *       instructions, the stub makes the next call when the conversation contains the result of the
 *       previous call. After the last result, the stub answers with a text. Only the user's last
 *       text with such an instruction is read, and only the results after this text are counted.
 *       For a freeform tool, the arguments may also be a JSON string
 *   <li>{@code stub:usage PART=NUMBER …}: adds tokens to the usage in the answer. {@code PART} is
 *       {@code cached}, {@code written_5m} or {@code written_1h} (input read from or written to a
 *       cache), {@code reasoning}, {@code audio_in}, {@code audio_out} or {@code images} (input
 *       tokens for images). If an API does not state a part, its answers lack the part. In the same
 *       way, the text can request tool runs at the provider: {@code web_search}, {@code open_page},
 *       {@code web_fetch}, {@code file_search}, {@code code_interpreter} (sessions), {@code
 *       computer_use}, {@code image}, {@code grounding} (queries), {@code post} and {@code profile}
 *       (which a search on X finds), {@code routed_search} and {@code routed_fetch} (of a router),
 *       {@code billed_fetch} (a {@code web_fetch} for which the provider charges). {@code
 *       image_read} is the number of tokens that the tool for images reads beside its prompts.
 *       {@code audio_second} is the length of the recordings in a chat, as Mistral states it
 *   <li>{@code stub:tier NAME}: answers in this service tier, even if the call requests another
 *       tier
 *   <li>{@code stub:answers-as MODEL}: states in the answer that another model answered
 *   <li>{@code stub:states JSON}: states a wrong usage. The answer contains this JSON value
 *       unchanged, instead of the object with the tokens
 * </ul>
 *
 * @param toolCall the tool call in the stub's answer; null if the stub answers with a text
 * @param usage the numbers of tokens, keyed by the part's name, and the numbers of tool runs, keyed
 *     by the tool's name
 * @param tier the service tier of the answer; if null, the requested tier
 * @param model the model in the answer; if null, the requested model
 * @param stated the JSON value that the answer contains instead of its usage; if null, the answer
 *     states its true usage
 */
record Script(
    @Nullable ToolCall toolCall,
    Map<String, Integer> usage,
    @Nullable String tier,
    @Nullable String model,
    @Nullable String stated) {
  static final Script NONE = new Script(null, Map.of(), null, null, null);

  private static final byte[] MARK = "stub:".getBytes(US_ASCII);
  private static final Pattern CALL = Pattern.compile("\\bstub:call\\s+(\\S+)\\s+(?=[{\"])");
  private static final Pattern USAGE = Pattern.compile("\\bstub:usage((?:\\s+\\w+=\\d{1,9})+)");
  private static final Pattern TIER = Pattern.compile("\\bstub:tier\\s+([\\w.-]+)");
  private static final Pattern MODEL = Pattern.compile("\\bstub:answers-as\\s+(\\S+)");
  private static final Pattern STATED = Pattern.compile("\\bstub:states\\s+(?=\\S)");

  /**
   * Reads one JSON value and ignores the rest, because other text can follow a call's arguments.
   */
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
    List<String> texts = transcript.userTexts();
    return new Script(
        toolCall(root, transcript),
        usage(texts),
        last(TIER, texts),
        last(MODEL, texts),
        stated(texts));
  }

  private static @Nullable String last(Pattern directive, List<String> texts) {
    @Nullable String found = null;
    for (String text : texts) {
      Matcher matcher = directive.matcher(text);
      while (matcher.find()) {
        found = matcher.group(1);
      }
    }
    return found;
  }

  /**
   * Returns the JSON value as it was written, with repeated members, which a parser would remove.
   */
  private static @Nullable String stated(List<String> texts) {
    for (String text : texts) {
      Matcher directive = STATED.matcher(text);
      if (directive.find()) {
        String json = text.substring(directive.end());
        try (JsonParser parser = JSON.createParser(json)) {
          parser.nextToken();
          parser.skipChildren();
          return json.substring(0, (int) parser.currentLocation().getCharOffset());
        } catch (JacksonException malformed) {
          throw new BadCall("the value of stub:states is malformed");
        }
      }
    }
    return null;
  }

  /** Whether a text occurs anywhere in a body. */
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
