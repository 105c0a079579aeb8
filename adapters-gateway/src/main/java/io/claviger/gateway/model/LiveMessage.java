package io.claviger.gateway.model;

import io.claviger.domain.formats.JsonText;
import io.claviger.domain.objects.IdForm;
import io.claviger.gateway.errors.CallError;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that a caller sends in a session of Gemini's Live API. A message has exactly one
 * member, whose name is the kind of the message. The gateway refuses a message that refers to
 * something stored at the provider, or that permits the provider to use its own tools.
 */
public final class LiveMessage extends RuledMessage {
  private static final String SETUP = "setup";
  private static final String CONTENT = "clientContent";
  private static final String INPUT = "realtimeInput";
  private static final String ANSWER = "toolResponse";
  private static final String MODEL = "setup.model";
  private static final String TEXT = "realtimeInput.text";
  private static final String COMPLETE = "clientContent.turnComplete";
  private static final String HISTORY = "setup.historyConfig.initialHistoryInClientContent";
  private static final Pattern NAME = Pattern.compile("models/([A-Za-z0-9._:/@-]{1,128})");

  /**
   * The characters that differ between the two spellings of a member's name that Protocol Buffers
   * accepts: camel case and snake case.
   */
  private static final Pattern SNAKE = Pattern.compile("_([a-z])");

  private static final String MALFORMED_MODEL = "Name the model in the setup as models/{model}.";
  private static final String STORED =
      "Sessions that are resumed are stored at the provider, where others use the same key. Leave"
          + " sessionResumption out.";
  private static final String TOOLS = "In a session, a tool may contain functionDeclarations only.";
  private static final String UNASKED =
      "The model might answer without a request here, and no budget can be reserved for such"
          + " answers."
          + " Leave proactivity out.";

  private static final Map<String, Rule> RULES = rules();

  private static Map<String, Rule> rules() {
    Rules rules = new Rules();
    rules.add(Kind.OBJECT, "", String.join(" ", SETUP, CONTENT, INPUT, ANSWER));
    setup(rules, "setup.");
    content(rules, "clientContent.turns");
    rules.add(Kind.FLAG, "", COMPLETE);
    rules.add(
        Kind.OBJECT, "realtimeInput.", "audio video mediaChunks.[] activityStart activityEnd");
    rules.add(Kind.LIST, "realtimeInput.", "mediaChunks");
    for (String blob : new String[] {"audio", "video", "mediaChunks.[]"}) {
      rules.add(Kind.TEXT, "realtimeInput." + blob + ".", "data mimeType");
    }
    rules.add(Kind.TEXT, "realtimeInput.", "text");
    rules.add(Kind.FLAG, "realtimeInput.", "audioStreamEnd");
    rules.add(Kind.LIST, "toolResponse.", "functionResponses");
    rules.add(Kind.OBJECT, "toolResponse.", "functionResponses.[]");
    answer(rules, "toolResponse.functionResponses.[].");
    return rules.all();
  }

  private static void setup(Rules rules, String in) {
    rules.known(MODEL, MALFORMED_MODEL);
    rules.add(Kind.OBJECT, in, "generationConfig systemInstruction realtimeInputConfig");
    String config = in + "generationConfig.";
    rules.add(Kind.MOST, config, "maxOutputTokens");
    rules.add(
        Kind.SCALAR,
        config,
        "temperature topP topK presencePenalty frequencyPenalty seed enableAffectiveDialog");
    rules.add(Kind.TEXT, config, "mediaResolution");
    rules.add(Kind.ANY, config, "responseModalities thinkingConfig");
    rules.add(Kind.DATA, config, "stopSequences");
    String speech = config + "speechConfig";
    rules.add(Kind.OBJECT, "", speech + " " + speech + ".voiceConfig " + speech + VOICE);
    rules.add(Kind.TEXT, speech, ".languageCode " + VOICE + ".voiceName");
    instruction(rules, in + "systemInstruction.");
    rules.add(Kind.LIST, in, "tools");
    rules.add(Kind.OBJECT, in, "tools.[]");
    rules.add(Kind.DATA, in, "tools.[].functionDeclarations toolConfig");
    for (String tool :
        new String[] {
          "googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext", "googleMaps",
          "computerUse", "fileSearch", "retrieval", "mcpServers", "enterpriseWebSearch"
        }) {
      rules.nothing(in + "tools.[]." + tool, TOOLS);
    }
    rules.add(Kind.OBJECT, in, "realtimeInputConfig.automaticActivityDetection");
    rules.add(Kind.TEXT, in + "realtimeInputConfig.", "activityHandling turnCoverage");
    String detection = in + "realtimeInputConfig.automaticActivityDetection.";
    rules.add(Kind.FLAG, detection, "disabled");
    rules.add(Kind.SCALAR, detection, "prefixPaddingMs silenceDurationMs");
    rules.add(Kind.TEXT, detection, "startOfSpeechSensitivity endOfSpeechSensitivity");
    rules.add(
        Kind.ANY, in, "inputAudioTranscription outputAudioTranscription contextWindowCompression");
    rules.add(Kind.ANY, in, "safetySettings");
    rules.add(Kind.OBJECT, in, "historyConfig");
    rules.add(Kind.FLAG, "", HISTORY);
    rules.nothing(in + "sessionResumption", STORED);
    rules.nothing(in + "proactivity", UNASKED);
  }

  private static final String VOICE = ".voiceConfig.prebuiltVoiceConfig";

  private static void instruction(Rules rules, String in) {
    rules.add(Kind.TEXT, in, "role");
    rules.add(Kind.LIST, in, "parts");
    rules.add(Kind.OBJECT, in, "parts.[]");
    rules.add(Kind.TEXT, in + "parts.[].", "text");
  }

  private static void content(Rules rules, String list) {
    rules.add(Kind.LIST, "", list);
    rules.add(Kind.OBJECT, "", list + ".[]");
    String in = list + ".[].";
    instruction(rules, in);
    String part = in + "parts.[].";
    rules.add(Kind.OBJECT, part, "inlineData functionCall functionResponse");
    rules.add(Kind.TEXT, part + "inlineData.", "data mimeType");
    rules.add(Kind.TEXT, part, "thoughtSignature");
    rules.add(Kind.SCALAR, part, "thought");
    rules.add(Kind.TEXT, part + "functionCall.", "id name");
    rules.add(Kind.DATA, part + "functionCall.", "args");
    answer(rules, part + "functionResponse.");
  }

  private static void answer(Rules rules, String in) {
    rules.add(Kind.TEXT, in, "id name scheduling");
    rules.add(Kind.FLAG, in, "willContinue");
    rules.add(Kind.DATA, in, "response");
  }

  private final String called;
  private String model = "";
  private boolean completes;
  private boolean announcesHistory;
  private boolean isHistory;

  /** Whether the message contains a text, or says that the speaker has finished. */
  private boolean endsInput;

  /** Whether the message contains sound or pictures, not merely signals that they begin or end. */
  private boolean isMedia;

  private LiveMessage(ByteBuf message, String called, CallError malformed) {
    super(message, RULES, IdForm.RESOURCE, malformed);
    this.called = called;
  }

  /**
   * Copies a message and begins to read the copy.
   *
   * @param message the message, which still belongs to the caller of this method
   * @param called the model name to send in place of the model name in the message; empty to keep
   *     the name in the message
   * @param malformed the error for a message that the gateway does not understand
   */
  public static LiveMessage begin(ByteBuf message, String called, CallError malformed) {
    return new LiveMessage(message, called, malformed);
  }

  @Override
  void complete() {
    if (outermost().size() != 1 || (isSetup() && model.isEmpty())) {
      refuse(malformed);
    }
  }

  public boolean isSetup() {
    return outermost().contains(SETUP);
  }

  /** The model in the message. Must be called only for the message that sets up the session. */
  public String model() {
    return model;
  }

  /**
   * Whether the first complete content of the session is its initial history. Must be called only
   * for the message that sets up the session.
   */
  public boolean announcesHistory() {
    return announcesHistory;
  }

  /**
   * Treats the message as a part of the initial history. The model does not answer the history.
   *
   * @return whether the history goes on after this message
   */
  public boolean joinsHistory() {
    isHistory = outermost().contains(CONTENT);
    return isHistory && !completes;
  }

  /** Whether the message adds to the conversation without requesting an answer. */
  public boolean isOnlyContent() {
    return outermost().contains(CONTENT) && !completes;
  }

  /** Whether the message certainly requests an answer. For audio, this is never certain. */
  public boolean asks() {
    return outermost().contains(ANSWER) || (completes && !isHistory) || endsInput;
  }

  /** Whether the message contains audio or images. */
  public boolean isSound() {
    return isMedia;
  }

  @Override
  String spelled(String name) {
    return SNAKE.matcher(name).replaceAll(found -> upper(found.group(1)));
  }

  private static String upper(String letter) {
    return Matcher.quoteReplacement(String.valueOf(Character.toUpperCase(letter.charAt(0))));
  }

  @Override
  boolean isFit(String place, String value) {
    return NAME.matcher(value).matches();
  }

  @Override
  boolean isNeeded(String place) {
    return place.equals(MODEL) || Set.of(SETUP, CONTENT, INPUT, ANSWER).contains(place);
  }

  @Override
  void saw(String place, String value, int from, int to) {
    if (place.equals(MODEL)) {
      Matcher name = NAME.matcher(value);
      model = name.matches() ? name.group(1) : "";
      if (!called.isEmpty()) {
        edit(from, to, JsonText.quoted("models/" + called));
      }
    } else {
      endsInput |= place.equals(TEXT);
    }
  }

  @Override
  void saw(String place, String literal, int to) {
    completes |= place.equals(COMPLETE) && literal.equals("true");
    announcesHistory |= place.equals(HISTORY) && literal.equals("true");
  }

  @Override
  boolean wants(String place) {
    return place.equals(TEXT);
  }

  @Override
  void entered(String place, int inside) {
    endsInput |= place.equals("realtimeInput.activityEnd");
    isMedia |=
        place.equals("realtimeInput.audio")
            || place.equals("realtimeInput.video")
            || place.equals("realtimeInput.mediaChunks.[]");
  }

  /** The model in the first message of a session; empty if the message names no model clearly. */
  public Optional<String> clearModel() {
    return fault().isEmpty() && isSetup() ? Optional.of(model) : Optional.empty();
  }
}
