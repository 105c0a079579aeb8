package io.claviger.gateway.model;

import io.claviger.domain.objects.IdForm;
import io.claviger.gateway.errors.CallError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A caller's message in a session. Each member needs a rule, must have its documented spelling, and
 * may occur only once. The gateway refuses members without a rule, so that a message can request
 * only what the rules permit.
 */
abstract class RuledMessage implements JsonEvents, BodyReaders.Reading {
  private static final int LONGEST = 128;
  private static final int MOST_MEMBERS = 20_000;

  /**
   * The prefix that marks a list in {@code #containers}. The path of the list's elements follows
   * the prefix.
   */
  private static final String ELEMENTS = "*";

  /** The kinds of values that a rule permits. */
  enum Kind {
    /**
     * Any value that contains no text or name with the form of a provider object's id, and none of
     * more than {@link #LONGEST} characters.
     */
    ANY,
    /** Any value, because the provider does not interpret the caller's own data. */
    DATA,
    OBJECT,
    LIST,
    /** Any value that is neither an object nor a list. */
    SCALAR,
    /** {@code true} or {@code false}; not a value that only lenient parsers read as one of them. */
    FLAG,
    TEXT,
    /** One of a few fixed texts. */
    WORD,
    /** A text that {@link #isFit} accepts. */
    KNOWN,
    /** A picture, either as data or as a URL. */
    PICTURE,
    /** A maximum of tokens for a response. */
    MOST,
    NOTHING
  }

  /**
   * @param words the accepted texts, for {@link Kind#WORD}
   * @param otherwise the error message for any other value
   */
  record Rule(Kind kind, Set<String> words, String otherwise) {}

  /**
   * The rules of a protocol. The key of each rule is the path of a member. In a path, {@code []}
   * stands for an element of a list.
   */
  static final class Rules {
    /**
     * The beginning of the message about a value that a member can't have; the member's name
     * follows.
     */
    static final String OTHER_VALUE = "The gateway does not pass this value of the member ";

    private final Map<String, Rule> byPlace = new HashMap<>();

    Rules add(Kind kind, String in, String names) {
      for (String name : names.split(" ")) {
        byPlace.put(in + name, new Rule(kind, Set.of(), OTHER_VALUE + name + "."));
      }
      return this;
    }

    Rules word(String at, String why, String... words) {
      byPlace.put(at, new Rule(Kind.WORD, Set.of(words), why));
      return this;
    }

    Rules nothing(String at, String why) {
      byPlace.put(at, new Rule(Kind.NOTHING, Set.of(), why));
      return this;
    }

    Rules known(String at, String why) {
      byPlace.put(at, new Rule(Kind.KNOWN, Set.of(), why));
      return this;
    }

    Map<String, Rule> all() {
      return Map.copyOf(byPlace);
    }
  }

  /** Replaces the bytes between two positions of the message with a text. */
  private record Edit(int from, int to, String text) {}

  private final byte[] message;
  private final Map<String, Rule> rules;
  private final IdForm ids;
  final CallError malformed;
  private final JsonScanner scanner = new JsonScanner(this, LONGEST);

  /** The paths of the open objects and lists in the message. */
  private final Deque<String> containers = new ArrayDeque<>();

  private final Deque<Set<String>> had = new ArrayDeque<>();
  private final Set<String> outermost = new HashSet<>();
  private final List<Edit> edits = new ArrayList<>(0);
  private @Nullable CallError fault;
  private String member = "";
  private int depth;

  /**
   * The depth of the outermost array or object around the current value whose members have no
   * rules; 0 if there is none.
   */
  private int opaque;

  /** The rule of the array or object at the depth {@link #opaque}. */
  private @Nullable Rule opaqueRule;

  private int members;
  private long most = -1;
  private boolean isUnbounded;

  RuledMessage(ByteBuf message, Map<String, Rule> rules, IdForm ids, CallError malformed) {
    this.message = ByteBufUtil.getBytes(message);
    this.rules = rules;
    this.ids = ids;
    this.malformed = malformed;
  }

  @Override
  public final boolean readOn() {
    try {
      if (!scanner.readOn(message) && fault == null) {
        return false;
      }
    } catch (MalformedBody e) {
      fault = malformed;
    }
    if (fault == null) {
      complete();
    }
    return true;
  }

  @Override
  public final long bytes() {
    return message.length;
  }

  /** Called after a message without faults. */
  abstract void complete();

  /**
   * The error for a message that the gateway refuses; empty if the gateway may send the message.
   */
  public final Optional<CallError> fault() {
    return Optional.ofNullable(fault);
  }

  /** The names of the top-level members. */
  final Set<String> outermost() {
    return outermost;
  }

  /** The maximum of tokens for the response; empty if the message sets no limit. */
  public final OptionalLong mostOutput() {
    return most < 0 || isUnbounded ? OptionalLong.empty() : OptionalLong.of(most);
  }

  /** Replaces some bytes of the message with a text. Edits must not overlap. */
  final void edit(int from, int to, String text) {
    edits.add(new Edit(from, to, text));
  }

  /** Returns the position where a new top-level member can be inserted. */
  final int begin() {
    int at = 0;
    while (message[at] != '{') {
      at++;
    }
    return at + 1;
  }

  /** Whether an object is empty. */
  final boolean isEmptyAt(int inside) {
    int at = inside;
    while (message[at] <= ' ') {
      at++;
    }
    return message[at] == '}';
  }

  /** Returns the edited message. */
  public final byte[] edited() {
    if (edits.isEmpty()) {
      return message;
    }
    edits.sort(Comparator.comparingInt(Edit::from));
    ByteArrayOutputStream whole = new ByteArrayOutputStream(message.length + 64);
    int from = 0;
    for (Edit each : edits) {
      whole.write(message, from, each.from() - from);
      whole.writeBytes(each.text().getBytes(StandardCharsets.UTF_8));
      from = each.to();
    }
    whole.write(message, from, message.length - from);
    return whole.toByteArray();
  }

  final void refuse(CallError why) {
    if (fault == null) {
      fault = why;
    }
  }

  private void refuse(@Nullable Rule broken) {
    refuse(broken == null ? malformed : CallError.badRequest(broken.otherwise()));
  }

  /**
   * Returns the name of a member in its documented spelling; members with other names are refused.
   */
  String spelled(String name) {
    return name;
  }

  /** Whether a text is accepted at its path. */
  boolean isFit(String place, String value) {
    return true;
  }

  /** Whether the reader needs the text at a path even if the rule accepts any text. */
  boolean wants(String place) {
    return false;
  }

  /**
   * Called with a text that the reader needs, or that must be one of the accepted values at its
   * path.
   *
   * @param from the position of the opening quote in the message
   */
  void saw(String place, String value, int from, int to) {}

  /** Called with a literal, for example {@code true}. */
  void saw(String place, String literal, int to) {}

  /**
   * Called at the beginning of an object.
   *
   * @param inside the position where the object's first member can be inserted
   */
  void entered(String place, int inside) {}

  private boolean isRead() {
    return opaque == 0 && fault == null;
  }

  /** The path of the next value in the message. */
  private String place() {
    String around = containers.isEmpty() ? "" : containers.peek();
    if (around.startsWith(ELEMENTS)) {
      return around.substring(ELEMENTS.length());
    }
    return around.isEmpty() ? member : around + "." + member;
  }

  private @Nullable Rule rule() {
    return depth == 0 ? null : rules.get(place());
  }

  @Override
  public void opened(boolean array) {
    depth++;
    if (!isRead()) {
      return;
    }
    if (depth == 1) {
      if (array) {
        refuse(malformed);
      }
      containers.push("");
      had.push(new HashSet<>());
      return;
    }
    String place = place();
    Rule rule = rules.get(place);
    Kind kind = rule == null ? Kind.NOTHING : rule.kind();
    if (kind == Kind.ANY || kind == Kind.DATA) {
      opaque = depth;
      opaqueRule = rule;
    } else if (kind == (array ? Kind.LIST : Kind.OBJECT)) {
      containers.push(array ? ELEMENTS + place + ".[]" : place);
      had.push(array ? Set.of() : new HashSet<>());
      count();
      entered(place, (int) scanner.position() + 1);
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
      refuse(CallError.badRequest("The message has too many members."));
    }
  }

  @Override
  public void name(ScannedText name) {
    if (!isRead()) {
      if (isSearched() && canBeId(name)) {
        refuse(opaqueRule);
      }
      return;
    }
    count();
    member = spelled(name.isLonger() ? "" : name.toString());
    if (rules.get(place()) == null) {
      refuse(
          CallError.badRequest(
              "The gateway does not know a member of this message, so it does not pass it: "
                  + place()));
    } else if (!Objects.requireNonNull(had.peek()).add(member)) {
      refuse(malformed);
    } else if (depth == 1) {
      boolean unused = outermost.add(member);
    }
  }

  /** Whether the current text or name must not be an id. */
  private boolean isSearched() {
    return fault == null && opaqueRule != null && opaqueRule.kind() == Kind.ANY;
  }

  private boolean canBeId(ScannedText text) {
    return text.isLonger() || ids.kindOf(text.toString()).isPresent();
  }

  @Override
  public boolean wantsText() {
    if (!isRead()) {
      return isSearched();
    }
    Rule rule = rule();
    return rule != null
        && (rule.kind() == Kind.WORD
            || rule.kind() == Kind.ANY
            || rule.kind() == Kind.KNOWN
            || rule.kind() == Kind.PICTURE
            || wants(place()));
  }

  @Override
  public void text(ScannedText text) {
    if (!isRead()) {
      if (canBeId(text)) {
        refuse(opaqueRule);
      }
      return;
    }
    String place = place();
    String value = text.isLonger() ? "" : text.toString();
    Rule rule = Objects.requireNonNull(rule());
    boolean isFit =
        switch (rule.kind()) {
          case WORD -> rule.words().contains(value);
          case ANY -> !canBeId(text);
          case KNOWN -> isFit(place, value);
          case PICTURE -> IdForm.isMedia(text.toString());
          case OBJECT, LIST, FLAG, NOTHING, MOST -> false;
          default -> true;
        };
    if (isFit && rule.kind() != Kind.PICTURE && rule.kind() != Kind.ANY) {
      saw(place, value, (int) scanner.begun(), (int) scanner.position() + 1);
    } else if (!isFit) {
      refuse(rule);
    }
  }

  @Override
  public void number(ScannedNumber number) {
    if (!isRead()) {
      return;
    }
    Rule rule = rule();
    if (rule != null && rule.kind() == Kind.MOST) {
      isUnbounded |= most >= 0 || number.plainCount().isEmpty();
      most = number.plainCount().orElse(most);
    } else {
      demandScalar(rule);
    }
  }

  @Override
  public void literal(String literal) {
    if (!isRead()) {
      return;
    }
    Rule rule = rule();
    boolean isNull = literal.equals("null") && depth > 0 && !isNeeded(place());
    boolean isFlag = rule != null && rule.kind() == Kind.FLAG; // a literal is true, false or null
    if (rule == null || !(isNull || isFlag)) {
      demandScalar(rule);
    }
    if (fault == null) {
      saw(place(), literal, (int) scanner.position() + 1);
    }
  }

  /** Whether the value at a path must not be null. */
  boolean isNeeded(String place) {
    return false;
  }

  /** Called for a text that the reader does not need. */
  @Override
  public void other() {
    if (!isRead()) {
      return;
    }
    Rule rule = rule();
    if (rule != null && rule.kind() == Kind.MOST) {
      isUnbounded = true; // "inf"
    } else if (rule == null || rule.kind() != Kind.TEXT) {
      demandScalar(rule);
    }
  }

  private void demandScalar(@Nullable Rule rule) {
    if (rule == null || !Set.of(Kind.SCALAR, Kind.ANY, Kind.DATA).contains(rule.kind())) {
      refuse(rule);
    }
  }
}
