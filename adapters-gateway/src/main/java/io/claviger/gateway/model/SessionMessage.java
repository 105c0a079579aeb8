package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.gateway.errors.CallError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message of a caller in a session of OpenAI's Realtime API. It may have the members that are
 * listed here, each once, in this spelling. So it can't refer to what is stored at the provider,
 * ask for another model, let turns begin by themselves, or let the provider call other servers.
 */
public final class SessionMessage implements JsonEvents {
  private static final int LONGEST = 128;
  private static final int MOST_MEMBERS = 20_000;
  private static final String UPDATE = "session.update";
  private static final String CREATE = "response.create";
  private static final String TYPE = "type";
  private static final String EVENT = "event_id";

  /** What the place of an open list begins with, before that of its elements. */
  private static final String ELEMENTS = "*";

  /** What a member may have for its value. */
  private enum Kind {
    /** Whatever it is, it refers to nothing. */
    ANY,
    OBJECT,
    LIST,
    /** No object and no list. */
    SCALAR,
    TEXT,
    /** A text of a few. */
    WORD,
    /** The model of the session. */
    MODEL,
    /** The most tokens of a response. */
    MOST,
    NOTHING
  }

  private record Rule(Kind kind, Set<String> words, String otherwise) {}

  private static final CallError NOT_JSON =
      CallError.badRequest(
          "A message of a session is a JSON object with a type, each member once.");
  private static final CallError TOO_MANY =
      CallError.badRequest("The message has too many members.");
  private static final String OTHER_VALUE = "The gateway does not pass this value of the member ";

  private static final String TURNS =
      "Nothing can be reserved for turns that begin by themselves. Send turn_detection: null, and"
          + " response.create for each response.";
  private static final String TRANSCRIPTS =
      "Nothing can be reserved for transcripts of what is said. Leave transcription out.";
  private static final String STORED =
      "Prompts and traces are stored at the provider, where others use the same key. Leave %s out.";
  private static final String TOOLS =
      "In a session the gateway passes tools of the type function alone.";

  /** The outermost members of each type, besides its type and id. */
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
    Map<String, Rule> rules = new HashMap<>();
    add(rules, Kind.TEXT, "", "type event_id audio previous_item_id item_id response_id");
    add(rules, Kind.SCALAR, "", "content_index audio_end_ms");
    add(rules, Kind.OBJECT, "", "session response item");
    word(rules, "session.type", OTHER_VALUE + "type.", "realtime");
    add(rules, Kind.MODEL, "session.", "model");
    ofBoth(rules, "session.");
    ofBoth(rules, "response.");
    add(rules, Kind.TEXT, "session.", "input_audio_format");
    add(rules, Kind.ANY, "session.", "include truncation input_audio_noise_reduction");
    add(rules, Kind.OBJECT, "session.", "audio.input");
    add(rules, Kind.ANY, "session.audio.input.", "format noise_reduction");
    nothing(rules, "session.turn_detection", TURNS);
    nothing(rules, "session.audio.input.turn_detection", TURNS);
    nothing(rules, "session.input_audio_transcription", TRANSCRIPTS);
    nothing(rules, "session.audio.input.transcription", TRANSCRIPTS);
    nothing(rules, "session.tracing", STORED.formatted("tracing"));
    word(rules, "response.conversation", OTHER_VALUE + "conversation.", "auto", "none");
    add(rules, Kind.ANY, "response.", "metadata");
    add(rules, Kind.LIST, "response.", "input");
    add(rules, Kind.OBJECT, "response.", "input.[]");
    item(rules, "item.");
    item(rules, "response.input.[].");
    return Map.copyOf(rules);
  }

  private static void ofBoth(Map<String, Rule> rules, String in) {
    add(rules, Kind.TEXT, in, "instructions voice output_audio_format");
    add(rules, Kind.ANY, in, "modalities output_modalities tool_choice reasoning");
    add(rules, Kind.SCALAR, in, "temperature speed parallel_tool_calls");
    add(rules, Kind.MOST, in, "max_output_tokens max_response_output_tokens");
    nothing(rules, in + "prompt", STORED.formatted("prompt"));
    add(rules, Kind.OBJECT, in, "audio audio.output tools.[]");
    add(rules, Kind.ANY, in + "audio.output.", "format");
    add(rules, Kind.TEXT, in + "audio.output.", "voice");
    add(rules, Kind.SCALAR, in + "audio.output.", "speed");
    add(rules, Kind.LIST, in, "tools");
    word(rules, in + "tools.[].type", TOOLS, "function");
    add(rules, Kind.TEXT, in + "tools.[].", "name description");
    add(rules, Kind.ANY, in + "tools.[].", "parameters");
  }

  private static void item(Map<String, Rule> rules, String in) {
    word(
        rules,
        in + TYPE,
        OTHER_VALUE + "type of an item.",
        "message",
        "function_call",
        "function_call_output");
    add(rules, Kind.TEXT, in, "id object status role call_id name arguments output");
    add(rules, Kind.LIST, in, "content");
    add(rules, Kind.OBJECT, in, "content.[]");
    add(rules, Kind.TEXT, in + "content.[].", "text audio transcript image_url detail");
    word(
        rules,
        in + "content.[].type",
        OTHER_VALUE + "type of a content.",
        "input_text",
        "input_audio",
        "input_image",
        "text",
        "audio",
        "output_text",
        "output_audio");
  }

  private static void add(Map<String, Rule> rules, Kind kind, String in, String names) {
    for (String name : names.split(" ")) {
      rules.put(in + name, new Rule(kind, Set.of(), OTHER_VALUE + name + "."));
    }
  }

  private static void word(Map<String, Rule> rules, String at, String why, String... words) {
    rules.put(at, new Rule(Kind.WORD, Set.of(words), why));
  }

  private static void nothing(Map<String, Rule> rules, String at, String why) {
    rules.put(at, new Rule(Kind.NOTHING, Set.of(), why));
  }

  private final byte[] message;
  private final String model;
  private final JsonScanner scanner = new JsonScanner(this, LONGEST);

  /** The places of the open objects and lists. */
  private final Deque<String> containers = new ArrayDeque<>();

  private final Deque<Set<String>> had = new ArrayDeque<>();
  private final Set<String> outermost = new HashSet<>();
  private @Nullable CallError fault;
  private String type = "";
  private String member = "";
  private int depth;

  /** The depth of the outermost value in which nothing is looked at; 0 outside of such. */
  private int opaque;

  private int members;
  private int eventFrom = -1;
  private int eventTo = -1;
  private long most = -1;
  private boolean isUnbounded;
  private boolean compressed;

  private SessionMessage(byte[] message, String model) {
    this.message = message;
    this.model = model;
  }

  /**
   * @param message stays with the caller, and is not changed
   * @param model that of the session
   */
  public static SessionMessage of(ByteBuf message, String model) {
    SessionMessage read = new SessionMessage(ByteBufUtil.getBytes(message), model);
    try {
      read.scanner.read(read.message, 0, read.message.length);
      read.scanner.end();
    } catch (MalformedBody e) {
      read.fault = NOT_JSON;
    }
    read.checkType();
    return read;
  }

  private void checkType() {
    if (fault != null) {
      return;
    }
    Set<String> known = TYPES.get(type);
    if (known == null) {
      fault = CallError.badRequest("The gateway passes no messages of this type in a session.");
    } else if (!known.containsAll(outermost)) {
      fault = CallError.badRequest("The message has a member that its type does not have.");
    }
  }

  /** Why the message can't pass. */
  public Optional<CallError> fault() {
    return Optional.ofNullable(fault);
  }

  /** Whether it asks for a response. */
  public boolean isCreate() {
    return fault == null && type.equals(CREATE);
  }

  /** Whether it changes the session. */
  public boolean isUpdate() {
    return fault == null && type.equals(UPDATE);
  }

  /** Whether it has to do with what is said aloud. */
  public boolean isSound() {
    return SOUNDS.contains(type);
  }

  /** Whether it may make the sound a compressed one. */
  public boolean isCompressed() {
    return compressed;
  }

  /** The most tokens that the response may have; empty if the message does not bound them. */
  public OptionalLong mostOutput() {
    return most < 0 || isUnbounded ? OptionalLong.empty() : OptionalLong.of(most);
  }

  /** Returns the message with this id, which replaces that of the caller. */
  public byte[] withEvent(String id) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(message.length + id.length() + 16);
    int from = eventFrom;
    int to = eventTo;
    String written = "\"" + id + "\"";
    if (from < 0) {
      from = 0;
      while (message[from] != '{') {
        from++;
      }
      from++;
      to = from;
      written = "\"" + EVENT + "\":" + written + ",";
    }
    whole.write(message, 0, from);
    whole.writeBytes(written.getBytes(US_ASCII));
    whole.write(message, to, message.length - to);
    return whole.toByteArray();
  }

  private void refuse(CallError why) {
    if (fault == null) {
      fault = why;
    }
  }

  private void refuse(@Nullable Rule broken) {
    refuse(broken == null ? NOT_JSON : CallError.badRequest(broken.otherwise()));
  }

  private boolean isRead() {
    return opaque == 0 && fault == null;
  }

  /** Where the value stands that comes next. */
  private String place() {
    String around = containers.isEmpty() ? "" : containers.peek();
    if (around.startsWith(ELEMENTS)) {
      return around.substring(ELEMENTS.length());
    }
    return around.isEmpty() ? member : around + "." + member;
  }

  private @Nullable Rule rule() {
    return depth == 0 ? null : RULES.get(place());
  }

  @Override
  public void opened(boolean array) {
    depth++;
    if (!isRead()) {
      return;
    }
    if (depth == 1) {
      if (array) {
        refuse(NOT_JSON);
      }
      containers.push("");
      had.push(new HashSet<>());
      return;
    }
    String place = place();
    Rule rule = RULES.get(place);
    Kind kind = rule == null ? Kind.NOTHING : rule.kind();
    if (kind == Kind.ANY) {
      opaque = depth;
    } else if (kind == (array ? Kind.LIST : Kind.OBJECT)) {
      containers.push(array ? ELEMENTS + place + ".[]" : place);
      had.push(array ? Set.of() : new HashSet<>());
      count();
    } else {
      refuse(rule);
    }
  }

  @Override
  public void closed() {
    if (opaque == depth) {
      opaque = 0;
    } else if (isRead()) {
      String unused = containers.pop();
      Set<String> unusedNames = had.pop();
    }
    depth--;
  }

  private void count() {
    if (++members > MOST_MEMBERS) {
      refuse(TOO_MANY);
    }
  }

  @Override
  public void name(ScannedText name) {
    if (!isRead()) {
      return;
    }
    count();
    member = name.isLonger() ? "" : name.toString();
    if (RULES.get(place()) == null) {
      refuse(
          CallError.badRequest(
              "The gateway does not know a member of this message, so it does not pass it: "
                  + place()));
    } else if (!Objects.requireNonNull(had.peek()).add(member)) {
      refuse(NOT_JSON);
    } else if (depth == 1 && !member.equals(TYPE) && !member.equals(EVENT)) {
      boolean unused = outermost.add(member);
    }
  }

  @Override
  public boolean wantsText() {
    if (fault != null || opaque > 0) {
      return fault == null;
    }
    Rule rule = rule();
    return rule != null
        && (rule.kind() == Kind.WORD
            || rule.kind() == Kind.MODEL
            || (depth == 1 && isNeeded())
            || member.endsWith("_audio_format"));
  }

  @Override
  public void text(ScannedText text) {
    String value = text.isLonger() ? "" : text.toString();
    compressed |= value.contains("pcmu") || value.contains("pcma") || value.contains("g711");
    Rule rule = isRead() ? rule() : null;
    if (rule == null) {
      return;
    }
    boolean isFit =
        switch (rule.kind()) {
          case WORD -> rule.words().contains(value);
          case MODEL -> value.equals(model);
          default -> true;
        };
    if (!isFit) {
      refuse(
          rule.kind() == Kind.MODEL
              ? CallError.badRequest("The model of a session can't be changed.")
              : CallError.badRequest(rule.otherwise()));
    } else if (depth == 1 && member.equals(TYPE)) {
      type = value;
    } else if (depth == 1 && member.equals(EVENT)) {
      eventFrom = (int) scanner.begun();
      eventTo = (int) scanner.position() + 1;
    }
  }

  @Override
  public void number(ScannedNumber number) {
    Rule rule = isRead() ? rule() : null;
    if (!isRead()) {
      return;
    }
    if (rule != null && rule.kind() == Kind.MOST) {
      isUnbounded |= most >= 0 || number.plainCount().isEmpty();
      most = number.plainCount().orElse(most);
    } else {
      demand(rule, Kind.SCALAR);
    }
  }

  @Override
  public void literal(String literal) {
    if (!isRead()) {
      return;
    }
    Rule rule = rule();
    boolean isNull = literal.equals("null") && depth > 0 && !(depth == 1 && isNeeded());
    if (rule == null || !isNull) {
      demand(rule, Kind.SCALAR);
    }
  }

  private boolean isNeeded() {
    return member.equals(TYPE) || member.equals(EVENT);
  }

  /** A text that was not wanted. */
  @Override
  public void other() {
    if (!isRead()) {
      return;
    }
    Rule rule = rule();
    if (rule != null && rule.kind() == Kind.MOST) {
      isUnbounded = true; // "inf"
    } else if (rule == null || rule.kind() != Kind.TEXT) {
      demand(rule, Kind.SCALAR);
    }
  }

  private void demand(@Nullable Rule rule, Kind kind) {
    if (rule == null || (rule.kind() != kind && rule.kind() != Kind.ANY)) {
      refuse(rule);
    }
  }
}
