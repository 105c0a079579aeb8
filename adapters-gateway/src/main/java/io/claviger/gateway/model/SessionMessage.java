package io.claviger.gateway.model;

import io.claviger.domain.formats.JsonText;
import io.claviger.domain.objects.IdForm;
import io.claviger.gateway.errors.CallError;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A message that a caller sends in a session of OpenAI's Realtime API. The gateway refuses a
 * message that refers to something stored at the provider, names another model, permits responses
 * without a request, or lets the provider call other servers.
 */
public final class SessionMessage extends RuledMessage {
  private static final String UPDATE = "session.update";
  private static final String CREATE = "response.create";
  private static final String TYPE = "type";
  private static final String EVENT = "event_id";
  private static final String MODEL = "session.model";

  /**
   * The places where a session update configures how the end of a speaker's turn is detected: one
   * in the API's first version, and one in its preview.
   */
  private static final Set<String> TURNS =
      Set.of("session.audio.input.turn_detection", "session.turn_detection");

  /**
   * The settings around {@link #TURNS}. If they were null, the provider might take its default for
   * the detection of turns, which begins responses without a request.
   */
  private static final Set<String> AROUND_TURNS =
      Set.of("session", "session.audio", "session.audio.input");

  private static final CallError NOT_JSON =
      CallError.badRequest(
          "A message of a session has to be a JSON object with a type, and must not contain a"
              + " member twice.");
  private static final String IDLE =
      "No budget can be reserved for responses that begin after a silence. Leave idle_timeout_ms"
          + " out.";
  private static final String TRANSCRIPTS =
      "No budget can be reserved for transcripts of the input. Leave transcription out.";
  private static final String STORED =
      "The provider would store prompts and traces where others with the same key can reach them. Leave"
          + " %s out.";
  private static final String VOICE =
      "The provider stores custom voices where others with the same key can reach them. Name a built-in"
          + " voice.";

  /** The form of a custom voice's id: 8 letters and digits at xAI. */
  private static final Pattern CUSTOM_VOICE = Pattern.compile("[A-Za-z0-9]{8}|voice_.*");

  private static final String TOOLS = "In a session, only tools of the type function are accepted.";

  /** For each type of message, the permitted top-level members besides type and id. */
  private static final Map<String, Set<String>> TYPES =
      Map.ofEntries(
          Map.entry(UPDATE, Set.of("session")),
          Map.entry(CREATE, Set.of("response")),
          Map.entry("response.cancel", Set.of("response_id")),
          Map.entry("conversation.item.create", Set.of("previous_item_id", "item")),
          Map.entry("conversation.item.delete", Set.of("item_id")),
          Map.entry("conversation.item.retrieve", Set.of("item_id")),
          Map.entry(
              "conversation.item.truncate", Set.of("item_id", "content_index", "audio_end_ms")),
          Map.entry("input_audio_buffer.append", Set.of("audio")),
          Map.entry("input_audio_buffer.commit", Set.of()),
          Map.entry("input_audio_buffer.clear", Set.of()),
          Map.entry("output_audio_buffer.clear", Set.of()));

  private static final Set<String> SOUNDS =
      Set.of("input_audio_buffer.append", "input_audio_buffer.commit");

  private static final Map<String, Rule> RULES = rules();

  private static Map<String, Rule> rules() {
    Rules rules = new Rules();
    rules.add(Kind.TEXT, "", "type event_id audio previous_item_id item_id response_id");
    rules.add(Kind.SCALAR, "", "content_index audio_end_ms");
    rules.add(Kind.OBJECT, "", "session response item");
    rules.word("session.type", Rules.OTHER_VALUE + "type.", "realtime");
    rules.known(MODEL, "The model of a session can't be changed.");
    ofBoth(rules, "session.");
    ofBoth(rules, "response.");
    rules.add(Kind.TEXT, "session.", "input_audio_format");
    rules.add(Kind.ANY, "session.", "include truncation input_audio_noise_reduction");
    rules.add(Kind.OBJECT, "session.", "audio.input");
    rules.add(Kind.ANY, "session.audio.input.", "noise_reduction");
    format(rules, "session.audio.input.");
    TURNS.forEach(at -> turns(rules, at));
    rules.nothing("session.input_audio_transcription", TRANSCRIPTS);
    rules.nothing("session.audio.input.transcription", TRANSCRIPTS);
    rules.nothing("session.tracing", STORED.formatted("tracing"));
    rules.word("response.conversation", Rules.OTHER_VALUE + "conversation.", "auto", "none");
    rules.add(Kind.DATA, "response.", "metadata");
    rules.add(Kind.LIST, "response.", "input");
    rules.add(Kind.OBJECT, "response.", "input.[]");
    item(rules, "item.");
    item(rules, "response.input.[].");
    return rules.all();
  }

  private static void format(Rules rules, String in) {
    rules.add(Kind.OBJECT, in, "format");
    rules.add(Kind.TEXT, in + "format.", "type");
    rules.add(Kind.SCALAR, in + "format.", "rate");
  }

  private static void turns(Rules rules, String at) {
    rules.add(Kind.OBJECT, "", at);
    rules.word(at + ".type", Rules.OTHER_VALUE + "type of turns.", "server_vad", "semantic_vad");
    rules.add(Kind.SCALAR, at + ".", "threshold prefix_padding_ms silence_duration_ms");
    rules.add(Kind.FLAG, at + ".", "create_response interrupt_response");
    rules.add(Kind.TEXT, at + ".", "eagerness");
    rules.nothing(at + ".idle_timeout_ms", IDLE);
  }

  private static void ofBoth(Rules rules, String in) {
    rules.add(Kind.TEXT, in, "instructions output_audio_format");
    rules.add(Kind.ANY, in, "modalities output_modalities reasoning");
    rules.add(Kind.DATA, in, "tool_choice");
    rules.add(Kind.SCALAR, in, "temperature speed parallel_tool_calls");
    rules.add(Kind.MOST, in, "max_output_tokens max_response_output_tokens");
    rules.nothing(in + "prompt", STORED.formatted("prompt"));
    rules.add(Kind.OBJECT, in, "audio audio.output tools.[]");
    format(rules, in + "audio.output.");
    rules.known(in + "voice", VOICE);
    rules.known(in + "audio.output.voice", VOICE);
    rules.add(Kind.SCALAR, in + "audio.output.", "speed");
    rules.add(Kind.LIST, in, "tools");
    rules.word(in + "tools.[].type", TOOLS, "function");
    rules.add(Kind.TEXT, in + "tools.[].", "name description");
    rules.add(Kind.DATA, in + "tools.[].", "parameters");
  }

  private static void item(Rules rules, String in) {
    rules.word(
        in + TYPE,
        Rules.OTHER_VALUE + "type of an item.",
        "message",
        "function_call",
        "function_call_output");
    rules.add(Kind.TEXT, in, "id object status role call_id name arguments output");
    rules.add(Kind.LIST, in, "content");
    rules.add(Kind.OBJECT, in, "content.[]");
    rules.add(Kind.TEXT, in + "content.[].", "text audio transcript detail");
    rules.add(Kind.PICTURE, in + "content.[].", "image_url");
    rules.word(
        in + "content.[].type",
        Rules.OTHER_VALUE + "type of a content.",
        "input_text",
        "input_audio",
        "input_image",
        "text",
        "audio",
        "output_text",
        "output_audio");
  }

  private final String asked;
  private final String called;
  private String type = "";
  private int eventFrom = -1;
  private int eventTo = -1;
  private boolean compressed;
  private Optional<Boolean> answersTurns = Optional.empty();

  /**
   * The position at which a first member can be inserted into the settings for the detection of
   * speakers' turns; -1 if there are no such settings.
   */
  private int turnsFrom = -1;

  private boolean saysAnswers;

  private SessionMessage(ByteBuf message, String asked, String called) {
    super(message, RULES, IdForm.PREFIXED, NOT_JSON);
    this.asked = asked;
    this.called = called;
  }

  /**
   * Copies a message and begins to read the copy.
   *
   * @param message the message, which still belongs to the caller of this method
   * @param asked the session's model, as the caller names it
   * @param called the session's model, as the provider names it
   */
  public static SessionMessage begin(ByteBuf message, String asked, String called) {
    return new SessionMessage(message, asked, called);
  }

  /**
   * Reads a message that has arrived completely. The parameters are the same as for {@link #begin}.
   */
  static SessionMessage of(ByteBuf message, String asked, String called) {
    SessionMessage whole = begin(message, asked, called);
    while (!whole.readOn()) {
      // Reads the next part of the message.
    }
    return whole;
  }

  @Override
  void complete() {
    checkType();
    if (fault().isEmpty() && turnsFrom >= 0 && !saysAnswers) {
      edit(turnsFrom, turnsFrom, "\"create_response\":false" + (isEmptyAt(turnsFrom) ? "" : ","));
    }
  }

  private void checkType() {
    Set<String> known = TYPES.get(type);
    if (known == null) {
      refuse(CallError.badRequest("In a session, messages of this type are not accepted."));
      return;
    }
    for (String each : outermost()) {
      if (!known.contains(each) && !each.equals(TYPE) && !each.equals(EVENT)) {
        refuse(
            CallError.badRequest(
                "This message has a member that messages of its type can't have."));
      }
    }
  }

  /** Whether the message requests a response. */
  public boolean isCreate() {
    return fault().isEmpty() && type.equals(CREATE);
  }

  /** Whether the message changes the settings of the session. */
  public boolean isUpdate() {
    return fault().isEmpty() && type.equals(UPDATE);
  }

  /** Whether the message is about audio. */
  public boolean isSound() {
    return SOUNDS.contains(type);
  }

  /** Whether the message might cause the session's audio to be compressed. */
  public boolean isCompressed() {
    return compressed;
  }

  /**
   * Whether the caller wants the model to answer each detected turn; empty if the message does not
   * say. The provider itself is always told not to answer without a request.
   */
  public Optional<Boolean> answersTurns() {
    return answersTurns;
  }

  /** Returns the edited message with the given id in place of the caller's id for the message. */
  public byte[] withEvent(String id) {
    if (eventFrom < 0) {
      edit(begin(), begin(), "\"" + EVENT + "\":\"" + id + "\",");
    } else {
      edit(eventFrom, eventTo, "\"" + id + "\"");
    }
    return edited();
  }

  @Override
  boolean isFit(String place, String value) {
    return place.endsWith("voice")
        ? !value.isEmpty() && !CUSTOM_VOICE.matcher(value).matches()
        : value.equals(asked);
  }

  @Override
  boolean isNeeded(String place) {
    return place.equals(TYPE) || place.equals(EVENT) || AROUND_TURNS.contains(place);
  }

  @Override
  boolean wants(String place) {
    return isNeeded(place) || place.endsWith("_audio_format") || place.endsWith(".format.type");
  }

  @Override
  void saw(String place, String value, int from, int to) {
    switch (place) {
      case TYPE -> type = value;
      case EVENT -> {
        eventFrom = from;
        eventTo = to;
      }
      case MODEL -> edit(from, to, JsonText.quoted(called));
      default ->
          compressed |= value.contains("g711") || value.contains("pcmu") || value.contains("pcma");
    }
  }

  @Override
  void saw(String place, String literal, int to) {
    if (TURNS.contains(place)) {
      answersTurns = Optional.of(false);
    } else if (place.endsWith(".create_response")) {
      boolean answers = !literal.equals("false");
      answersTurns = Optional.of(answers);
      saysAnswers = true;
      edit(to - literal.length(), to, "false");
    }
  }

  @Override
  void entered(String place, int inside) {
    if (TURNS.contains(place)) {
      if (turnsFrom >= 0) {
        refuse(NOT_JSON); // the message states in two places how turns are detected
      }
      turnsFrom = inside;
      answersTurns = Optional.of(true);
    }
  }
}
